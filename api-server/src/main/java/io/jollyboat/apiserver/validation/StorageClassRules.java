package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.TopologySelectorLabelRequirement;
import io.jollyboat.api.core.v1.TopologySelectorTerm;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.api.storage.v1.VolumeAttributesClass;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of storage classes and volume attributes classes. */
final class StorageClassRules {
    private static final int MOST_PARAMETERS = 512;
    private static final int PARAMETERS_LIMIT = 256 * 1024;

    private StorageClassRules() {}

    static void create(Errors errors, StorageClass storage) {
        MetaRules.check(errors, storage.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        provisioner(errors, storage.getProvisioner(), "provisioner");
        parameters(errors, storage.getParametersMap(), true);
        if (!storage.getReclaimPolicy().isEmpty()) {
            errors.oneOf("reclaimPolicy", storage.getReclaimPolicy(), "Delete", "Retain");
        }
        errors.oneOf("volumeBindingMode", storage.getVolumeBindingMode(), "Immediate", "WaitForFirstConsumer");
        topologies(errors, storage.getAllowedTopologiesList());
    }

    static void update(Errors errors, StorageClass storage, StorageClass old) {
        MetaRules.checkUpdate(errors, storage.getMetadata(), old.getMetadata(), "metadata");
        if (!storage.getParametersMap().equals(old.getParametersMap())) {
            errors.invalid("parameters", Errors.shown(storage.getParametersMap()), "field is immutable");
        }
        errors.unchanged("provisioner", storage.getProvisioner(), old.getProvisioner());
        errors.unchanged("reclaimPolicy", storage.getReclaimPolicy(), old.getReclaimPolicy());
        errors.unchanged("volumeBindingMode", storage.getVolumeBindingMode(), old.getVolumeBindingMode());
    }

    static void attributes(Errors errors, VolumeAttributesClass attributes) {
        MetaRules.check(errors, attributes.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        provisioner(errors, attributes.getDriverName(), "driverName");
        parameters(errors, attributes.getParametersMap(), false);
    }

    static void attributesUpdate(Errors errors, VolumeAttributesClass attributes, VolumeAttributesClass old) {
        MetaRules.checkUpdate(errors, attributes.getMetadata(), old.getMetadata(), "metadata");
        if (!attributes.getDriverName().equals(old.getDriverName())) {
            errors.forbidden("driverName", "updates to driverName are forbidden.");
        }
        if (!attributes.getParametersMap().equals(old.getParametersMap())) {
            errors.forbidden("parameters", "updates to parameters are forbidden.");
        }
        attributes(errors, attributes);
    }

    private static void provisioner(Errors errors, String name, String path) {
        if (errors.present(path, name)) {
            String lower = name.toLowerCase(Locale.ROOT);
            errors.invalid(path, lower, Names.qualifiedName(lower));
        }
    }

    private static void parameters(Errors errors, Map<String, String> parameters, boolean optional) {
        if (parameters.size() > MOST_PARAMETERS) {
            errors.tooLong("parameters", MOST_PARAMETERS);
            return;
        }
        if (parameters.containsKey("")) {
            errors.invalid("parameters", "", "field can not be empty.");
        }
        long size = parameters.entrySet().stream()
                .mapToLong(entry ->
                        entry.getKey().length() + (long) entry.getValue().length())
                .sum();
        if (size > PARAMETERS_LIMIT) {
            errors.tooLong("parameters", PARAMETERS_LIMIT);
        }
        if (!optional && parameters.isEmpty()) {
            errors.required("parameters", "must contain at least one key/value pair");
        }
    }

    private static void topologies(Errors errors, List<TopologySelectorTerm> terms) {
        Set<Map<String, Set<String>>> seen = new HashSet<>();
        for (int i = 0; i < terms.size(); i++) {
            String at = "allowedTopologies[" + i + "].matchLabelExpressions";
            Set<String> keys = new HashSet<>();
            for (int j = 0; j < terms.get(i).getMatchLabelExpressionsCount(); j++) {
                TopologySelectorLabelRequirement requirement = terms.get(i).getMatchLabelExpressions(j);
                requirement(errors, requirement, at + "[" + j + "]");
                if (!keys.add(requirement.getKey())) {
                    errors.duplicate(at + "[" + j + "].key", requirement.getKey());
                }
            }
            Map<String, Set<String>> values = terms.get(i).getMatchLabelExpressionsList().stream()
                    .collect(Collectors.toMap(
                            TopologySelectorLabelRequirement::getKey,
                            each -> Set.copyOf(each.getValuesList()),
                            (first, second) -> second));
            // Upstream finds an empty one among the places it has yet to fill.
            if (values.isEmpty() || !seen.add(values)) {
                errors.duplicate(at, "");
            }
        }
    }

    private static void requirement(Errors errors, TopologySelectorLabelRequirement requirement, String path) {
        if (requirement.getValuesCount() == 0) {
            errors.required(path + ".values");
        }
        Set<String> values = new HashSet<>();
        for (int i = 0; i < requirement.getValuesCount(); i++) {
            if (!values.add(requirement.getValues(i))) {
                errors.duplicate(path + ".values[" + i + "]", requirement.getValues(i));
            }
        }
        errors.invalid(path + ".key", requirement.getKey(), Names.qualifiedName(requirement.getKey()));
    }
}
