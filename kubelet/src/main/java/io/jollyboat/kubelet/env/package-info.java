/** A container's environment: from ConfigMaps, Secrets, the downward API and Services, with {@code $(NAME)} expanded. Pure but for the lookups. */
package io.jollyboat.kubelet.env;
