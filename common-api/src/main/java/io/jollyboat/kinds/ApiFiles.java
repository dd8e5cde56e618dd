package io.jollyboat.kinds;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.jollyboat.api.options.Options;
import java.util.List;

/** The one list of the .proto files that declare kinds. A new group or version is a line here. */
final class ApiFiles {
    private ApiFiles() {}

    private static List<FileDescriptor> files() {
        return List.of(
                io.jollyboat.api.admissionregistration.v1.V1.getDescriptor(),
                io.jollyboat.api.admissionregistration.v1alpha1.V1Alpha1.getDescriptor(),
                io.jollyboat.api.admissionregistration.v1beta1.V1Beta1.getDescriptor(),
                io.jollyboat.api.apiextensions.v1.V1.getDescriptor(),
                io.jollyboat.api.apiregistration.v1.V1.getDescriptor(),
                io.jollyboat.api.apiserverinternal.v1alpha1.V1Alpha1.getDescriptor(),
                io.jollyboat.api.apps.v1.V1.getDescriptor(),
                io.jollyboat.api.authentication.v1.V1.getDescriptor(),
                io.jollyboat.api.authorization.v1.V1.getDescriptor(),
                io.jollyboat.api.autoscaling.v1.V1.getDescriptor(),
                io.jollyboat.api.autoscaling.v2.V2.getDescriptor(),
                io.jollyboat.api.batch.v1.V1.getDescriptor(),
                io.jollyboat.api.certificates.v1.V1.getDescriptor(),
                io.jollyboat.api.certificates.v1alpha1.V1Alpha1.getDescriptor(),
                io.jollyboat.api.certificates.v1beta1.V1Beta1.getDescriptor(),
                io.jollyboat.api.coordination.v1.V1.getDescriptor(),
                io.jollyboat.api.coordination.v1alpha2.V1Alpha2.getDescriptor(),
                io.jollyboat.api.coordination.v1beta1.V1Beta1.getDescriptor(),
                io.jollyboat.api.core.v1.V1.getDescriptor(),
                io.jollyboat.api.discovery.v1.V1.getDescriptor(),
                io.jollyboat.api.events.v1.V1.getDescriptor(),
                io.jollyboat.api.flowcontrol.v1.V1.getDescriptor(),
                io.jollyboat.api.networking.v1.V1.getDescriptor(),
                io.jollyboat.api.networking.v1beta1.V1Beta1.getDescriptor(),
                io.jollyboat.api.node.v1.V1.getDescriptor(),
                io.jollyboat.api.policy.v1.V1.getDescriptor(),
                io.jollyboat.api.rbac.v1.V1.getDescriptor(),
                io.jollyboat.api.resource.v1.V1.getDescriptor(),
                io.jollyboat.api.resource.v1alpha3.V1Alpha3.getDescriptor(),
                io.jollyboat.api.resource.v1beta1.V1Beta1.getDescriptor(),
                io.jollyboat.api.resource.v1beta2.V1Beta2.getDescriptor(),
                io.jollyboat.api.scheduling.v1.V1.getDescriptor(),
                io.jollyboat.api.scheduling.v1alpha1.V1Alpha1.getDescriptor(),
                io.jollyboat.api.storage.v1.V1.getDescriptor(),
                io.jollyboat.api.storage.v1beta1.V1Beta1.getDescriptor(),
                io.jollyboat.api.storagemigration.v1beta1.V1Beta1.getDescriptor());
    }

    /** The descriptors of all messages that are kinds. Loads none of their classes. */
    static List<Descriptor> kinds() {
        return files().stream()
                .flatMap(file -> file.getMessageTypes().stream())
                .filter(message -> message.getOptions().hasExtension(Options.kind))
                .toList();
    }
}
