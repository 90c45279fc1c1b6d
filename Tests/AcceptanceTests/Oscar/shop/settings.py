"""A shop as its owner sets one up: django-oscar, its API, tokens, a pipeline of statuses, reviews that are looked at first."""
import os

from oscar.defaults import *

FOLDER = os.environ['SHOP_FOLDER']
SECRET_KEY = 'test'
DEBUG = False
ALLOWED_HOSTS = ['127.0.0.1']
SITE_ID = 1
ROOT_URLCONF = 'urls'
USE_TZ = True
TIME_ZONE = 'UTC'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': FOLDER + '/shop.sqlite3', 'ATOMIC_REQUESTS': True,
                         'OPTIONS': {'timeout': 20}}}
oscar = lambda *names: ['oscar.apps.' + name for name in names]
INSTALLED_APPS = ['django.contrib.' + name for name in (
    'admin', 'auth', 'contenttypes', 'sessions', 'messages', 'staticfiles', 'sites', 'flatpages')] + ['oscar.config.Shop'] + oscar(
    'analytics.apps.AnalyticsConfig', 'checkout.apps.CheckoutConfig', 'address.apps.AddressConfig', 'shipping.apps.ShippingConfig',
    'catalogue.apps.CatalogueConfig', 'catalogue.reviews.apps.CatalogueReviewsConfig', 'communication.apps.CommunicationConfig',
    'partner.apps.PartnerConfig', 'basket.apps.BasketConfig', 'payment.apps.PaymentConfig', 'offer.apps.OfferConfig',
    'order.apps.OrderConfig', 'customer.apps.CustomerConfig', 'search.apps.SearchConfig', 'voucher.apps.VoucherConfig',
    'wishlists.apps.WishlistsConfig', 'dashboard.apps.DashboardConfig', 'dashboard.reports.apps.ReportsDashboardConfig',
    'dashboard.users.apps.UsersDashboardConfig', 'dashboard.orders.apps.OrdersDashboardConfig',
    'dashboard.catalogue.apps.CatalogueDashboardConfig', 'dashboard.offers.apps.OffersDashboardConfig',
    'dashboard.partners.apps.PartnersDashboardConfig', 'dashboard.pages.apps.PagesDashboardConfig',
    'dashboard.ranges.apps.RangesDashboardConfig', 'dashboard.reviews.apps.ReviewsDashboardConfig',
    'dashboard.vouchers.apps.VouchersDashboardConfig', 'dashboard.communications.apps.CommunicationsDashboardConfig',
    'dashboard.shipping.apps.ShippingDashboardConfig') + [
    'widget_tweaks', 'haystack', 'treebeard', 'sorl.thumbnail', 'django_tables2', 'rest_framework', 'rest_framework.authtoken', 'oscarapi']
MIDDLEWARE = ['watch.AccessLog', 'django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.common.CommonMiddleware',
              'django.contrib.auth.middleware.AuthenticationMiddleware', 'django.contrib.messages.middleware.MessageMiddleware',
              'oscar.apps.basket.middleware.BasketMiddleware']
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True, 'OPTIONS': {'context_processors': [
    'django.template.context_processors.request', 'django.contrib.auth.context_processors.auth',
    'django.contrib.messages.context_processors.messages']}}]
AUTHENTICATION_BACKENDS = ['oscar.apps.customer.auth_backends.EmailBackend', 'django.contrib.auth.backends.ModelBackend']
HAYSTACK_CONNECTIONS = {'default': {'ENGINE': 'haystack.backends.simple_backend.SimpleEngine'}}
STATIC_URL = '/static/'
MEDIA_ROOT = FOLDER + '/media'
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
EMAIL_BACKEND = 'django.core.mail.backends.dummy.EmailBackend'
# A quick hash: nobody's password is in it.
PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']

OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = OSCARAPI_INITIAL_ORDER_STATUS = 'Pending'
OSCAR_ORDER_STATUS_PIPELINE = {
    'Pending': ('Being processed', 'On hold', 'Cancelled'), 'On hold': ('Being processed', 'Cancelled'),
    'Being processed': ('Shipped', 'Cancelled'), 'Shipped': ('Returned',), 'Cancelled': (), 'Returned': ()}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}
OSCAR_MODERATE_REVIEWS = True
OSCAR_ALLOW_ANON_REVIEWS = False
OSCARAPI_BLOCK_ADMIN_API_ACCESS = False
# A line's status is not among what the API shows unless its owner says so.
OSCARAPI_ORDERLINE_FIELDS = ('url', 'product', 'quantity', 'price_currency', 'price_incl_tax', 'order', 'status')

REST_FRAMEWORK = {
    'DEFAULT_AUTHENTICATION_CLASSES': ['rest_framework.authentication.TokenAuthentication', 'rest_framework.authentication.BasicAuthentication'],
    'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.LimitOffsetPagination', 'PAGE_SIZE': 10,
    'DEFAULT_THROTTLE_CLASSES': ['watch.Throttle'], 'DEFAULT_THROTTLE_RATES': {'user': os.environ.get('RATE', '600/60s')}}
