package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.NodeSelector;
import io.jollyboat.api.resource.v1.DeviceClass;
import io.jollyboat.api.resource.v1.DeviceConfiguration;
import io.jollyboat.api.resource.v1.DeviceSelector;
import io.jollyboat.api.resource.v1.ResourceSlice;
import io.jollyboat.api.resource.v1.ResourceSliceSpec;
import io.jollyboat.cel.DeviceSelectors;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of device classes and of the slices of devices that drivers offer. */
final class DeviceRules {
    private static final int MOST_ITEMS = 32;
    private static final int MOST_DEVICES = 128;
    private static final int POOL_NAME_LIMIT = 253;
    private static final int PARAMETERS_LIMIT = 10 * 1024;
    private static final String ONE_OF =
            "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

    private DeviceRules() {}

    static void deviceClass(Errors errors, DeviceClass kind) {
        MetaRules.check(errors, kind.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        selectors(errors, kind.getSpec().getSelectorsList(), "spec.selectors");
        int count = kind.getSpec().getConfigCount();
        if (count > MOST_ITEMS) {
            errors.tooMany("spec.config", count, MOST_ITEMS);
        }
        for (int i = 0; i < count && count <= MOST_ITEMS; i++) {
            configuration(errors, kind.getSpec().getConfig(i).getDeviceConfiguration(), "spec.config[" + i + "]");
        }
        String name = kind.getSpec().getExtendedResourceName();
        boolean extended = name.contains("/")
                && !name.contains("kubernetes.io/")
                && Names.qualifiedName("requests." + name).isEmpty();
        if (kind.getSpec().hasExtendedResourceName() && !extended) {
            errors.invalid("spec.extendedResourceName", name, "must be a valid extended resource name");
        }
    }

    static void selectors(Errors errors, List<DeviceSelector> selectors, String path) {
        if (selectors.size() > MOST_ITEMS) {
            errors.tooMany(path, selectors.size(), MOST_ITEMS);
            return;
        }
        for (int i = 0; i < selectors.size(); i++) {
            String at = path + "[" + i + "].cel";
            if (!selectors.get(i).hasCel()) {
                errors.required(at);
            } else {
                String expression = selectors.get(i).getCel().getExpression();
                if (errors.present(at + ".expression", expression)) {
                    AdmissionPolicyRules.compiled(
                            errors, at + ".expression", expression, DeviceSelectors.compile(expression));
                }
            }
        }
    }

    static void configuration(Errors errors, DeviceConfiguration configuration, String path) {
        if (!configuration.hasOpaque()) {
            errors.required(path + ".opaque");
            return;
        }
        CsiRules.driverName(errors, configuration.getOpaque().getDriver(), path + ".opaque.driver");
        String at = path + ".opaque.parameters";
        String raw = configuration
                .getOpaque()
                .getParameters()
                .getRaw()
                .toStringUtf8()
                .strip();
        if (raw.isEmpty() || raw.equals("null")) {
            errors.required(at);
        } else if (raw.length() > PARAMETERS_LIMIT) {
            errors.tooLong(at, PARAMETERS_LIMIT);
        } else if (!raw.startsWith("{")) {
            errors.invalid(at, "<value omitted>", "must be a valid JSON object");
        }
    }

    static void slice(Errors errors, ResourceSlice slice) {
        MetaRules.check(errors, slice.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        spec(errors, slice.getSpec(), null);
    }

    static void sliceUpdate(Errors errors, ResourceSlice slice, ResourceSlice old) {
        MetaRules.checkUpdate(errors, slice.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, slice.getSpec(), old.getSpec());
    }

    private static void spec(Errors errors, ResourceSliceSpec spec, ResourceSliceSpec old) {
        CsiRules.driverName(errors, spec.getDriver(), "spec.driver");
        pool(errors, spec);
        if (old != null) {
            errors.unchanged(
                    "spec.pool.name", spec.getPool().getName(), old.getPool().getName());
            errors.unchanged("spec.driver", spec.getDriver(), old.getDriver());
            errors.unchanged(
                    "spec.nodeName", spec.hasNodeName(), spec.getNodeName(), old.hasNodeName(), old.getNodeName());
        }
        List<String> set = nodes(errors, spec);
        if (set.isEmpty()) {
            errors.required("spec", ONE_OF);
        } else if (set.size() > 1) {
            errors.invalid("spec", "{" + String.join(", ", set) + "}", ONE_OF + ", but multiple fields are set");
        }
        if (spec.getSharedCountersCount() > 0 && spec.getDevicesCount() > 0) {
            errors.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed");
        }
        devices(errors, spec);
    }

    static void poolName(Errors errors, String name, String path) {
        if (errors.present(path, name)) {
            if (name.length() > POOL_NAME_LIMIT) {
                errors.tooLong(path, POOL_NAME_LIMIT);
            }
            for (String part : name.split("/", -1)) {
                errors.invalid(path, part, Names.dns1123Subdomain(part));
            }
        }
    }

    private static void pool(Errors errors, ResourceSliceSpec spec) {
        poolName(errors, spec.getPool().getName(), "spec.pool.name");
        long count = spec.getPool().getResourceSliceCount();
        if (count <= 0) {
            errors.invalid("spec.pool.resourceSliceCount", count, "must be greater than zero");
        }
        if (spec.getPool().getGeneration() < 0) {
            errors.invalid(
                    "spec.pool.generation", spec.getPool().getGeneration(), "must be greater than or equal to zero");
        }
    }

    private static List<String> nodes(Errors errors, ResourceSliceSpec spec) {
        List<String> set = new ArrayList<>();
        if (spec.hasNodeName() && spec.getNodeName().isEmpty()) {
            errors.invalid("spec.nodeName", "", "must be either unset or set to a non-empty string");
        } else if (spec.hasNodeName()) {
            set.add("`nodeName`");
            errors.invalid("spec.nodeName", spec.getNodeName(), Names.dns1123Subdomain(spec.getNodeName()));
        }
        if (spec.hasNodeSelector()) {
            set.add("`nodeSelector`");
            NodeSelector selector = spec.getNodeSelector();
            SchedulingRules.nodeSelector(errors, selector, "spec.nodeSelector");
            if (selector.getNodeSelectorTermsCount() != 1) {
                errors.invalid(
                        "spec.nodeSelector.nodeSelectorTerms",
                        Errors.listOrNull(selector.getNodeSelectorTermsList()),
                        "must have exactly one node selector term");
            }
        }
        flag(errors, spec.hasAllNodes(), spec.getAllNodes(), "allNodes", set);
        flag(errors, spec.hasPerDeviceNodeSelection(), spec.getPerDeviceNodeSelection(), "perDeviceNodeSelection", set);
        return set;
    }

    private static void flag(Errors errors, boolean present, boolean value, String name, List<String> set) {
        if (present && value) {
            set.add("`" + name + "`");
        } else if (present) {
            errors.invalid("spec." + name, false, "must be either unset or set to true");
        }
    }

    private static void devices(Errors errors, ResourceSliceSpec spec) {
        int count = spec.getDevicesCount();
        if (count > MOST_DEVICES) {
            errors.tooMany("spec.devices", count, MOST_DEVICES);
            return;
        }
        for (int i = 0; i < count; i++) {
            String name = spec.getDevices(i).getName();
            errors.invalid("spec.devices[" + i + "].name", name, Names.dns1123Label(name));
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            if (!names.add(spec.getDevices(i).getName())) {
                errors.duplicate("spec.devices[" + i + "]", spec.getDevices(i).getName());
            }
        }
    }
}
