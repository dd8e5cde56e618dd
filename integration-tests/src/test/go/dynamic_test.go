package clients

import (
	"context"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	clientfeatures "k8s.io/client-go/features"
	featurestesting "k8s.io/client-go/features/testing"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/openapi3"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/scale"
	"k8s.io/client-go/tools/cache"
)

// define makes a definition of its own for a test and waits until objects can be made.
func define(t *testing.T, group string) schema.GroupVersionResource {
	t.Helper()
	c, err := apiextensions.NewForConfig(withType(config(t), protobufType))
	must(t, err)
	minimum, path := 0.0, ".status.selector"
	definition := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "boats." + group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: group,
			Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "boats", Kind: "Boat", ShortNames: []string{"bt"}, Categories: []string{"fleet"}},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{
					Type:        "object",
					Description: "Something that floats.",
					Properties: map[string]apiextensionsv1.JSONSchemaProps{
						"spec": {Type: "object", Properties: map[string]apiextensionsv1.JSONSchemaProps{
							"oars": {Type: "integer", Format: "int32", Minimum: &minimum, Default: &apiextensionsv1.JSON{Raw: []byte("2")}},
							"crew": {Type: "array", XListType: ptr("map"), XListMapKeys: []string{"name"}, Items: &apiextensionsv1.JSONSchemaPropsOrArray{Schema: &apiextensionsv1.JSONSchemaProps{
								Type: "object", Required: []string{"name"}, Properties: map[string]apiextensionsv1.JSONSchemaProps{"name": {Type: "string"}, "rank": {Type: "string"}}}}},
						}},
						"status": {Type: "object", XPreserveUnknownFields: ptr(true)},
					},
				}},
				Subresources: &apiextensionsv1.CustomResourceSubresources{
					Status: &apiextensionsv1.CustomResourceSubresourceStatus{},
					Scale:  &apiextensionsv1.CustomResourceSubresourceScale{SpecReplicasPath: ".spec.oars", StatusReplicasPath: ".status.oars", LabelSelectorPath: &path},
				},
				SelectableFields: []apiextensionsv1.SelectableField{{JSONPath: ".spec.oars"}},
			}},
		},
	}
	_, err = c.ApiextensionsV1().CustomResourceDefinitions().Create(t.Context(), definition, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		if err := c.ApiextensionsV1().CustomResourceDefinitions().Delete(context.Background(), "boats."+group, metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "established", func() (bool, error) {
		d, err := c.ApiextensionsV1().CustomResourceDefinitions().Get(t.Context(), "boats."+group, metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		for _, condition := range d.Status.Conditions {
			if condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue {
				return true, nil
			}
		}
		return false, nil
	})
	boats := schema.GroupVersionResource{Group: group, Version: "v1", Resource: "boats"}
	dyn, err := dynamic.NewForConfig(config(t))
	must(t, err)
	// Established is said a little before it is served everywhere.
	eventually(t, "served", func() (bool, error) {
		_, err := dyn.Resource(boats).List(t.Context(), metav1.ListOptions{})
		return err == nil, nil
	})
	return boats
}

func ptr[T any](value T) *T { return &value }

func boat(gvr schema.GroupVersionResource, name string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": gvr.GroupVersion().String(), "kind": "Boat", "metadata": map[string]any{"name": name}, "spec": spec,
	}}
}

func oars(o *unstructured.Unstructured) int64 {
	n, _, _ := unstructured.NestedInt64(o.Object, "spec", "oars")
	return n
}

func TestDynamicClient(t *testing.T) {
	ctx := t.Context()
	boats := define(t, "dynamic.example")
	ns := namespace(t)
	dyn, err := dynamic.NewForConfig(withType(config(t), jsonType))
	must(t, err)
	mine := dyn.Resource(boats).Namespace(ns)
	created, err := mine.Create(ctx, boat(boats, "jolly", map[string]any{"unknown": "x"}), metav1.CreateOptions{})
	must(t, err)
	equal(t, "default", oars(created), 2)
	if _, there, _ := unstructured.NestedString(created.Object, "spec", "unknown"); there {
		t.Fatal("not pruned")
	}
	_, err = mine.Create(ctx, boat(boats, "bad", map[string]any{"oars": int64(-1)}), metav1.CreateOptions{})
	// The second is said because the field is the scale's.
	refused(t, err, apierrors.IsInvalid, `Boat.dynamic.example "bad" is invalid: [spec.oars: Invalid value: -1: spec.oars in body should be greater than or equal to 0, .spec.oars: Invalid value: -1: should be a non-negative integer]`)
	_, err = mine.Create(ctx, boat(boats, "strict", map[string]any{"unknown": "x"}), metav1.CreateOptions{FieldValidation: "Strict"})
	if !apierrors.IsBadRequest(err) {
		t.Fatal(err)
	}
	must(t, unstructured.SetNestedField(created.Object, "afloat", "status", "state"))
	must(t, unstructured.SetNestedField(created.Object, int64(9), "spec", "oars"))
	updated, err := mine.UpdateStatus(ctx, created, metav1.UpdateOptions{})
	must(t, err)
	equal(t, "spec by status", oars(updated), 2)
	patched, err := mine.Patch(ctx, "jolly", types.JSONPatchType, []byte(`[{"op":"replace","path":"/spec/oars","value":4}]`), metav1.PatchOptions{})
	must(t, err)
	equal(t, "patched", oars(patched), 4)
	equal(t, "generation", patched.GetGeneration(), 2)
	_, err = mine.Patch(ctx, "jolly", types.StrategicMergePatchType, []byte(`{}`), metav1.PatchOptions{})
	if !apierrors.IsUnsupportedMediaType(err) {
		t.Fatal(err)
	}

	// Two who apply, each with a sailor of its own.
	for _, manager := range []string{"one", "two"} {
		_, err = mine.Apply(ctx, "jolly", boat(boats, "jolly", map[string]any{"crew": []any{map[string]any{"name": manager}}}), metav1.ApplyOptions{FieldManager: manager})
		must(t, err)
	}
	applied, err := mine.ApplyStatus(ctx, "jolly", &unstructured.Unstructured{Object: map[string]any{"apiVersion": "dynamic.example/v1", "kind": "Boat", "status": map[string]any{"oars": int64(4)}}}, metav1.ApplyOptions{FieldManager: "one", Force: true})
	must(t, err)
	crew, _, _ := unstructured.NestedSlice(applied.Object, "spec", "crew")
	equal(t, "crew", fmt.Sprint(crew), "[map[name:one] map[name:two]]")

	found, err := mine.List(ctx, metav1.ListOptions{FieldSelector: "spec.oars=4"})
	must(t, err)
	equal(t, "by field", len(found.Items), 1)
	found, err = mine.List(ctx, metav1.ListOptions{FieldSelector: "spec.oars!=4"})
	must(t, err)
	equal(t, "others", len(found.Items), 0)

	// Built-in kinds in the same way.
	secret, err := dyn.Resource(corev1.SchemeGroupVersion.WithResource("secrets")).Namespace(ns).Create(ctx, &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"generateName": "s-"}, "stringData": map[string]any{"a": "b"}}}, metav1.CreateOptions{})
	must(t, err)
	encoded, _, _ := unstructured.NestedString(secret.Object, "data", "a")
	equal(t, "secret", encoded, "Yg==")
	must(t, mine.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}))
}

func TestDynamicInformers(t *testing.T) {
	boats := define(t, "informed.example")
	for _, watchList := range []bool{true, false} {
		t.Run(fmt.Sprintf("WatchList=%v", watchList), func(t *testing.T) {
			featurestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, watchList)
			ctx, cancel := context.WithCancel(t.Context())
			ns := namespace(t)
			dyn, err := dynamic.NewForConfig(config(t))
			must(t, err)
			meta, err := metadata.NewForConfig(config(t))
			must(t, err)
			mine := dyn.Resource(boats).Namespace(ns)
			_, err = mine.Create(ctx, boat(boats, "first", nil), metav1.CreateOptions{})
			must(t, err)
			heard := &told{}
			handler := func(who string) cache.ResourceEventHandler {
				name := func(o any) string { return o.(metav1.Object).GetName() }
				return cache.ResourceEventHandlerFuncs{
					AddFunc:    func(o any) { heard.add("%s add %s", who, name(o)) },
					UpdateFunc: func(_, o any) { heard.add("%s update %s", who, name(o)) },
					DeleteFunc: func(o any) { heard.add("%s delete %s", who, name(o)) },
				}
			}
			whole := dynamicinformer.NewFilteredDynamicSharedInformerFactory(dyn, 0, ns, nil)
			_, err = whole.ForResource(boats).Informer().AddEventHandler(handler("whole"))
			must(t, err)
			partial := metadatainformer.NewFilteredSharedInformerFactory(meta, 0, ns, nil)
			_, err = partial.ForResource(boats).Informer().AddEventHandler(handler("meta"))
			must(t, err)
			whole.Start(ctx.Done())
			partial.Start(ctx.Done())
			defer whole.Shutdown()
			defer partial.Shutdown()
			defer cancel()
			whole.WaitForCacheSync(ctx.Done())
			partial.WaitForCacheSync(ctx.Done())
			_, err = mine.Create(ctx, boat(boats, "second", nil), metav1.CreateOptions{})
			must(t, err)
			_, err = mine.Patch(ctx, "first", types.MergePatchType, []byte(`{"spec":{"oars":8}}`), metav1.PatchOptions{})
			must(t, err)
			must(t, mine.Delete(ctx, "second", metav1.DeleteOptions{}))
			for _, who := range []string{"whole", "meta"} {
				for _, what := range []string{"add first", "add second", "update first", "delete second"} {
					eventually(t, who+" "+what, func() (bool, error) { return heard.has(who + " " + what), nil })
				}
			}
		})
	}
}

func TestMetadataClient(t *testing.T) {
	eachContentTypeOfMetadata(t, func(t *testing.T, meta metadata.Interface) {
		ctx := t.Context()
		c := clientset(t)
		ns := namespace(t)
		created, err := c.CoreV1().ConfigMaps(ns).Create(ctx, configMap("meta", map[string]string{"a": "b"}), metav1.CreateOptions{})
		must(t, err)
		maps := meta.Resource(corev1.SchemeGroupVersion.WithResource("configmaps")).Namespace(ns)
		one, err := maps.Get(ctx, "meta", metav1.GetOptions{})
		must(t, err)
		equal(t, "uid", one.UID, created.UID)
		list, err := maps.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=meta"})
		must(t, err)
		equal(t, "listed", list.Items[0].Name, "meta")
		w, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion, FieldSelector: "metadata.name=meta"})
		must(t, err)
		defer w.Stop()
		patched, err := maps.Patch(ctx, "meta", types.MergePatchType, []byte(`{"metadata":{"annotations":{"x":"y"}}}`), metav1.PatchOptions{})
		must(t, err)
		equal(t, "patched", patched.Annotations["x"], "y")
		equal(t, "watched", next(t, w).Object.(*metav1.PartialObjectMetadata).ResourceVersion, patched.ResourceVersion)
		must(t, maps.Delete(ctx, "meta", metav1.DeleteOptions{}))
		_, err = maps.Get(ctx, "meta", metav1.GetOptions{})
		refused(t, err, apierrors.IsNotFound, `configmaps "meta" not found`)
	})
}

func eachContentTypeOfMetadata(t *testing.T, test func(*testing.T, metadata.Interface)) {
	for _, contentType := range []string{jsonType, protobufType} {
		t.Run(contentType, func(t *testing.T) {
			meta, err := metadata.NewForConfig(withType(config(t), contentType))
			must(t, err)
			test(t, meta)
		})
	}
}

func TestDiscovery(t *testing.T) {
	boats := define(t, "discovered.example")
	c, err := discovery.NewDiscoveryClientForConfig(config(t))
	must(t, err)
	version, err := c.ServerVersion()
	must(t, err)
	equal(t, "version", version.Major+"."+version.Minor, "1.36")
	groups, resources, failed, err := c.GroupsAndMaybeResources()
	must(t, err)
	if len(failed) > 0 || resources == nil {
		t.Fatalf("not aggregated, or failed: %v", failed)
	}
	equal(t, "the first group", groups.Groups[0].Name, "")
	for gv, list := range resources {
		one, err := c.ServerResourcesForGroupVersion(gv.String())
		must(t, err)
		equal(t, gv.String(), len(list.APIResources), len(one.APIResources))
	}
	_, old, err := discovery.ServerGroupsAndResources(legacy{c})
	must(t, err)
	_, now, err := c.ServerGroupsAndResources()
	must(t, err)
	equal(t, "without aggregation", len(old), len(now))

	preferred, err := c.ServerPreferredNamespacedResources()
	must(t, err)
	deletable := discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"delete", "list", "watch"}}, preferred)
	all, err := discovery.GroupVersionResources(deletable)
	must(t, err)
	if _, there := all[boats]; !there {
		t.Fatalf("not preferred: %v", all)
	}
	if _, there := all[corev1.SchemeGroupVersion.WithResource("pods")]; !there {
		t.Fatal("no pods")
	}

	cached := memory.NewMemCacheClient(c)
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(cached), cached, nil)
	kind, err := mapper.KindFor(schema.GroupVersionResource{Resource: "bt"})
	must(t, err)
	equal(t, "short name", kind.String(), "discovered.example/v1, Kind=Boat")
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "apps", Kind: "Deployment"})
	must(t, err)
	equal(t, "mapping", mapping.Resource.String()+" "+string(mapping.Scope.Name()), "apps/v1, Resource=deployments namespace")
	members, _ := restmapper.NewDiscoveryCategoryExpander(cached).Expand("fleet")
	equal(t, "category", fmt.Sprint(members), "[boats.discovered.example]")

	document, err := c.OpenAPISchema()
	must(t, err)
	scales := 0
	for _, path := range document.Paths.Path {
		if path.Name == "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale" {
			scales++
		}
	}
	equal(t, "paths of a deployment's scale", scales, 1)
	root := openapi3.NewRoot(c.OpenAPIV3())
	// Published a little after it is served.
	eventually(t, "schema", func() (bool, error) {
		_, err := root.GVSpec(boats.GroupVersion())
		return err == nil, nil
	})
	spec, err := root.GVSpec(boats.GroupVersion())
	must(t, err)
	equal(t, "described", spec.Components.Schemas["example.discovered.v1.Boat"].Description, "Something that floats.")
	spec, err = root.GVSpec(schema.GroupVersion{Group: "apps", Version: "v1"})
	must(t, err)
	if spec.Components.Schemas["io.k8s.api.apps.v1.Deployment"] == nil {
		t.Fatal("no Deployment in the schema")
	}
}

// legacy hides that the client can ask for everything at once.
type legacy struct{ discovery.DiscoveryInterface }

func TestScale(t *testing.T) {
	ctx := t.Context()
	boats := define(t, "scaled.example")
	ns := namespace(t)
	dyn, err := dynamic.NewForConfig(config(t))
	must(t, err)
	_, err = dyn.Resource(boats).Namespace(ns).Create(ctx, boat(boats, "jolly", map[string]any{}), metav1.CreateOptions{})
	must(t, err)
	_, err = clientset(t).AppsV1().Deployments(ns).Create(ctx, deployment("web", 0), metav1.CreateOptions{})
	must(t, err)
	disco, err := discovery.NewDiscoveryClientForConfig(config(t))
	must(t, err)
	found, err := restmapper.GetAPIGroupResources(disco)
	must(t, err)
	scales, err := scale.NewForConfig(config(t), restmapper.NewDiscoveryRESTMapper(found), dynamic.LegacyAPIPathResolverFunc, scale.NewDiscoveryScaleKindResolver(disco))
	must(t, err)
	for _, target := range []struct {
		resource schema.GroupVersionResource
		name     string
		before   int32
	}{{boats, "jolly", 2}, {schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}, "web", 0}} {
		s, err := scales.Scales(ns).Get(ctx, target.resource.GroupResource(), target.name, metav1.GetOptions{})
		must(t, err)
		equal(t, target.name, s.Spec.Replicas, target.before)
		s.Spec.Replicas = 3
		s, err = scales.Scales(ns).Update(ctx, target.resource.GroupResource(), s, metav1.UpdateOptions{})
		must(t, err)
		equal(t, "updated", s.Spec.Replicas, 3)
		s, err = scales.Scales(ns).Patch(ctx, target.resource, target.name, types.MergePatchType, []byte(`{"spec":{"replicas":1}}`), metav1.PatchOptions{})
		must(t, err)
		equal(t, "patched", s.Spec.Replicas, 1)
	}
}
