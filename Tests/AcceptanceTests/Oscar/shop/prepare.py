"""What stands in the shop before its first buyer: staff, a token, buyers, products, a country."""
from decimal import Decimal

import django

django.setup()
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from oscar.core.loading import get_model
from oscar.test.factories import create_product
from rest_framework.authtoken.models import Token

Site.objects.update_or_create(id=1, defaults={'domain': '127.0.0.1', 'name': 'test'})
staff = get_user_model().objects.create_superuser('staff', 'staff@example.com', 'staff')
Token.objects.create(user=staff, key='0123456789abcdef0123456789abcdef01234567')
for number in range(8):
    get_user_model().objects.create_user(f'buyer{number}', f'buyer{number}@example.com', 'buyer')
get_model('address', 'Country').objects.create(iso_3166_1_a2='GB', printable_name='UK', name='UK', is_shipping_country=True)
for title, price in [('Mug', '9.99'), ('Lamp', '24.50'), ('Chair', '120.00'), ('Rug', '75.25'), ('Clock', '18.00')]:
    create_product(title=title, price=Decimal(price), num_in_stock=100000)
