package io.jollyboat.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.ScopedResourceSelectorRequirement;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import io.jollyboat.values.QuantityFormat;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Claims of volumes and the storage that they ask for, also by storage class. */
final class ClaimEvaluator implements QuotaEvaluator {
    private static final String COUNT = CountEvaluator.name("persistentvolumeclaims");
    private static final String CLAIMS = "persistentvolumeclaims";
    private static final String STORAGE = "requests.storage";
    private static final String OF_CLASS = ".storageclass.storage.k8s.io/";
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    @Override
    public boolean counts(String name) {
        return name.equals(COUNT)
                || name.equals(CLAIMS)
                || name.equals(STORAGE)
                || name.endsWith(OF_CLASS + CLAIMS)
                || name.endsWith(OF_CLASS + STORAGE);
    }

    @Override
    public Map<String, Quantity> usage(Message object) {
        PersistentVolumeClaim claim = (PersistentVolumeClaim) object;
        Map<String, Quantity> usage = new TreeMap<>();
        usage.put(COUNT, CountEvaluator.ONE);
        usage.put(CLAIMS, CountEvaluator.ONE);
        String storageClass = claim.getMetadata()
                .getAnnotationsOrDefault(CLASS_ANNOTATION, claim.getSpec().getStorageClassName());
        Quantity storage = storage(claim);
        if (storage != null) {
            usage.put(STORAGE, storage);
        }
        if (!storageClass.isEmpty()) {
            usage.put(storageClass + OF_CLASS + CLAIMS, CountEvaluator.ONE);
            if (storage != null) {
                usage.put(storageClass + OF_CLASS + STORAGE, storage);
            }
        }
        return usage;
    }

    /** What is being given already counts where that is more. Whole bytes. */
    private static Quantity storage(PersistentVolumeClaim claim) {
        Quantity asked = claim.getSpec().getResources().getRequestsMap().get("storage");
        if (asked == null) {
            return null;
        }
        Quantity given = claim.getStatus().getAllocatedResourcesMap().get("storage");
        Quantity more = given == null ? asked : Quantities.max(asked, given);
        boolean whole = Quantities.decimal(more).stripTrailingZeros().scale() <= 0;
        return whole
                ? more
                : Quantities.of(
                        Quantities.decimal(more).setScale(0, RoundingMode.UP).longValueExact(),
                        QuantityFormat.DECIMAL_SI);
    }

    @Override
    public boolean concerns(String subresource, Message object, Message old) {
        return subresource.isEmpty() || (subresource.equals("status") && old != null && frees(old, object));
    }

    @Override
    public boolean frees(Message before, Message after) {
        PersistentVolumeClaim one = (PersistentVolumeClaim) before;
        PersistentVolumeClaim other = (PersistentVolumeClaim) after;
        return !one.getStatus()
                        .getAllocatedResourcesMap()
                        .equals(other.getStatus().getAllocatedResourcesMap())
                || !attributesClasses(one).equals(attributesClasses(other));
    }

    @Override
    public boolean inScope(ScopedResourceSelectorRequirement scope, Message object) {
        return scope.getScopeName().equals("VolumeAttributesClass")
                && Scopes.matches(scope, attributesClasses((PersistentVolumeClaim) object));
    }

    private static Set<String> attributesClasses(PersistentVolumeClaim claim) {
        Set<String> names = new TreeSet<>();
        names.add(claim.getSpec().getVolumeAttributesClassName());
        names.add(claim.getStatus().getCurrentVolumeAttributesClassName());
        names.add(claim.getStatus().getModifyVolumeStatus().getTargetVolumeAttributesClassName());
        names.remove("");
        return names;
    }
}
