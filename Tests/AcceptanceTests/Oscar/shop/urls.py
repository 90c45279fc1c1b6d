"""The shop's addresses; reviews, which its API lacks, as its owner would add them."""
from django.apps import apps
from django.urls import include, path
from oscar.core.loading import get_model
from rest_framework import permissions, routers, serializers, viewsets


class ReviewSerializer(serializers.ModelSerializer):
    class Meta:
        model = get_model('reviews', 'ProductReview')
        fields = ['id', 'product', 'score', 'title', 'body', 'status', 'date_created']


class Reviews(viewsets.ReadOnlyModelViewSet):
    queryset = get_model('reviews', 'ProductReview').objects.order_by('id')
    serializer_class = ReviewSerializer
    permission_classes = [permissions.IsAdminUser]


router = routers.DefaultRouter()
router.register('reviews', Reviews)
urlpatterns = [path('api/x/', include(router.urls)), path('api/', include('oscarapi.urls')),
               path('', include(apps.get_app_config('oscar').urls[0]))]
