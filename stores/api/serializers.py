"""Shapes of the shop's part of the API."""

from rest_framework import serializers

from core.api.serializers import ActingSerializer
from stores.states import ImportKind, ImportState, ProductStatus


class ImportIn(ActingSerializer):
    """Sent as ``multipart/form-data``. ``preview`` true: look only, import when confirmed."""

    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(ImportKind.choices, required=False, allow_blank=True)
    preview = serializers.BooleanField(default=False)


class ConfirmIn(ActingSerializer):
    """``mapping`` names a header of the file for each field; left out, what the preview shows."""

    kind = serializers.ChoiceField(ImportKind.choices, required=False, allow_blank=True)
    mapping = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)


class ImportOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    kind = serializers.ChoiceField(ImportKind.choices)
    status = serializers.ChoiceField(ImportState.choices)
    filename = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    mapping = serializers.DictField(child=serializers.CharField())
    rows_read = serializers.IntegerField()
    rows_kept = serializers.IntegerField()
    rows_refused = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    warnings = serializers.ListField(child=serializers.CharField())
    same_as_import_id = serializers.CharField(allow_null=True)
    problem = serializers.DictField(allow_null=True)
    created_by_user_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class ImportProgressOut(serializers.Serializer):
    rows = serializers.IntegerField()
    percent = serializers.IntegerField()


class ImportDetailOut(ImportOut):
    preview = serializers.DictField()
    progress = ImportProgressOut(allow_null=True)


class VariantOut(serializers.Serializer):
    id = serializers.CharField()
    sku = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    price = serializers.CharField(allow_null=True)
    compare_at_price = serializers.CharField(allow_null=True)
    inventory_quantity = serializers.IntegerField(allow_null=True)


class ProductOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    title = serializers.CharField()
    handle = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(ProductStatus.choices)
    vendor = serializers.CharField(allow_blank=True)
    product_type = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField())
    simulated = serializers.BooleanField()
    variants = VariantOut(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
