package clients

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

func deployment(name string, replicas int32) *appsv1.Deployment {
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": name}},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": name}},
				Spec: corev1.PodSpec{Containers: []corev1.Container{{
					Name:      "main",
					Image:     "main:1",
					Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("10m")}},
					Ports:     []corev1.ContainerPort{{ContainerPort: 80}},
				}}},
			},
		},
	}
}

func eachContentType(t *testing.T, test func(*testing.T, *kubernetes.Clientset)) {
	for name, contentType := range map[string]string{"json": jsonType, "protobuf": protobufType} {
		t.Run(name, func(t *testing.T) {
			c, err := kubernetes.NewForConfig(withType(config(t), contentType))
			must(t, err)
			test(t, c)
		})
	}
}

func TestTypedObjects(t *testing.T) {
	eachContentType(t, func(t *testing.T, c *kubernetes.Clientset) {
		ctx := t.Context()
		ns := namespace(t)
		deployments := c.AppsV1().Deployments(ns)
		created, err := deployments.Create(ctx, deployment("web", 0), metav1.CreateOptions{FieldManager: "suite"})
		must(t, err)
		if created.UID == "" || created.ResourceVersion == "" || created.CreationTimestamp.IsZero() {
			t.Fatalf("created: %v", created.ObjectMeta)
		}
		equal(t, "defaults", created.Spec.Strategy.RollingUpdate.MaxSurge.String(), "25%")
		equal(t, "protocol", created.Spec.Template.Spec.Containers[0].Ports[0].Protocol, corev1.ProtocolTCP)
		equal(t, "manager", created.ManagedFields[0].Manager, "suite")

		must(t, retry.RetryOnConflict(retry.DefaultRetry, func() error {
			d, err := deployments.Get(ctx, "web", metav1.GetOptions{})
			if err != nil {
				return err
			}
			two := intstr.FromInt32(2)
			d.Spec.Strategy.RollingUpdate.MaxSurge = &two
			_, err = deployments.Update(ctx, d, metav1.UpdateOptions{})
			return err
		}))
		got, err := deployments.Get(ctx, "web", metav1.GetOptions{})
		must(t, err)
		equal(t, "surge", got.Spec.Strategy.RollingUpdate.MaxSurge.IntValue(), 2)
		equal(t, "generation", got.Generation, 2)

		list, err := deployments.List(ctx, metav1.ListOptions{LabelSelector: "app in (web),!none"})
		must(t, err)
		if len(list.Items) != 1 || !equality.Semantic.DeepEqual(list.Items[0].Spec, got.Spec) {
			t.Fatalf("listed: %v", list.Items)
		}
		dry, err := deployments.Create(ctx, deployment("dry", 1), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		must(t, err)
		if dry.UID == "" || dry.ResourceVersion != "" {
			t.Fatalf("a dry run's answer: %v", dry.ObjectMeta)
		}

		wrong := types.UID("wrong")
		err = deployments.Delete(ctx, "web", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &wrong}})
		refused(t, err, apierrors.IsConflict, fmt.Sprintf(`Operation cannot be fulfilled on Deployment.apps "web": the UID in the precondition (wrong) does not match the UID in record (%s). The object might have been deleted and then recreated`, got.UID))
		foreground := metav1.DeletePropagationForeground
		must(t, deployments.Delete(ctx, "web", metav1.DeleteOptions{PropagationPolicy: &foreground, Preconditions: metav1.NewUIDPreconditions(string(got.UID))}))
		eventually(t, "deleted", func() (bool, error) {
			_, err := deployments.Get(ctx, "web", metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return true, nil
			}
			return false, err
		})
	})
}

func TestRefusals(t *testing.T) {
	eachContentType(t, func(t *testing.T, c *kubernetes.Clientset) {
		ctx := t.Context()
		maps := c.CoreV1().ConfigMaps(namespace(t))
		first, err := maps.Create(ctx, configMap("one", nil), metav1.CreateOptions{})
		must(t, err)
		_, err = maps.Create(ctx, configMap("one", nil), metav1.CreateOptions{})
		refused(t, err, apierrors.IsAlreadyExists, `configmaps "one" already exists`)
		_, err = maps.Get(ctx, "none", metav1.GetOptions{})
		refused(t, err, apierrors.IsNotFound, `configmaps "none" not found`)
		_, err = maps.Update(ctx, configMap("one", map[string]string{"a": "b"}), metav1.UpdateOptions{})
		must(t, err)
		_, err = maps.Update(ctx, first, metav1.UpdateOptions{})
		refused(t, err, apierrors.IsConflict, `Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again`)
		bad := configMap("two", map[string]string{"a b": "c"})
		_, err = maps.Create(ctx, bad, metav1.CreateOptions{})
		if !apierrors.IsInvalid(err) {
			t.Fatal(err)
		}
		var status apierrors.APIStatus
		if !errors.As(err, &status) || len(status.Status().Details.Causes) != 1 {
			t.Fatalf("causes: %#v", err)
		}
		equal(t, "field", status.Status().Details.Causes[0].Field, "data[a b]")
		_, err = maps.Create(ctx, configMap("one", nil), metav1.CreateOptions{DryRun: []string{"Some"}})
		if !apierrors.IsInvalid(err) && !apierrors.IsBadRequest(err) {
			t.Fatal(err)
		}
		_, err = c.CoreV1().ConfigMaps("nowhere").Create(ctx, configMap("x", nil), metav1.CreateOptions{})
		refused(t, err, apierrors.IsNotFound, `namespaces "nowhere" not found`)
		_, err = c.CoreV1().Pods("default").List(ctx, metav1.ListOptions{FieldSelector: "spec.nothing=x"})
		if !apierrors.IsBadRequest(err) {
			t.Fatal(err)
		}
		_, err = maps.List(ctx, metav1.ListOptions{Continue: "nonsense"})
		if !apierrors.IsBadRequest(err) {
			t.Fatal(err)
		}
	})
}

func TestConflictsAreRetried(t *testing.T) {
	ctx := t.Context()
	maps := clientset(t).CoreV1().ConfigMaps(namespace(t))
	_, err := maps.Create(ctx, configMap("count", map[string]string{"n": "0"}), metav1.CreateOptions{})
	must(t, err)
	const writers, each = 4, 10
	var group sync.WaitGroup
	failures := make(chan error, writers)
	backoff := retry.DefaultBackoff
	backoff.Steps = 1000
	for range writers {
		group.Go(func() {
			for range each {
				if err := retry.RetryOnConflict(backoff, func() error {
					m, err := maps.Get(ctx, "count", metav1.GetOptions{})
					if err != nil {
						return err
					}
					n := 0
					if _, err := fmt.Sscan(m.Data["n"], &n); err != nil {
						return err
					}
					m.Data["n"] = fmt.Sprint(n + 1)
					_, err = maps.Update(ctx, m, metav1.UpdateOptions{})
					return err
				}); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	group.Wait()
	select {
	case err := <-failures:
		t.Fatal(err)
	default:
	}
	m, err := maps.Get(ctx, "count", metav1.GetOptions{})
	must(t, err)
	equal(t, "count", m.Data["n"], fmt.Sprint(writers*each))
}

func TestPatches(t *testing.T) {
	eachContentType(t, func(t *testing.T, c *kubernetes.Clientset) {
		ctx := t.Context()
		deployments := c.AppsV1().Deployments(namespace(t))
		before, err := deployments.Create(ctx, deployment("web", 0), metav1.CreateOptions{})
		must(t, err)

		d, err := deployments.Patch(ctx, "web", types.JSONPatchType, []byte(`[{"op":"test","path":"/spec/replicas","value":0},{"op":"add","path":"/metadata/labels/a~1b","value":"c"}]`), metav1.PatchOptions{})
		must(t, err)
		equal(t, "label", d.Labels["a/b"], "c")
		_, err = deployments.Patch(ctx, "web", types.JSONPatchType, []byte(`[{"op":"test","path":"/spec/replicas","value":5}]`), metav1.PatchOptions{})
		refused(t, err, apierrors.IsInvalid, "the server rejected our request due to an error in our request")
		d, err = deployments.Patch(ctx, "web", types.MergePatchType, []byte(`{"metadata":{"labels":{"a/b":null,"d":"e"}}}`), metav1.PatchOptions{})
		must(t, err)
		if _, there := d.Labels["a/b"]; there || d.Labels["d"] != "e" {
			t.Fatalf("labels: %v", d.Labels)
		}

		// As kubectl and controllers do: the difference of two objects.
		after := d.DeepCopy()
		after.Spec.Template.Spec.Containers = append(after.Spec.Template.Spec.Containers, corev1.Container{Name: "side", Image: "side:1"})
		after.Spec.Template.Spec.Containers[0].Ports = nil
		was, err := json.Marshal(d)
		must(t, err)
		is, err := json.Marshal(after)
		must(t, err)
		difference, err := strategicpatch.CreateTwoWayMergePatch(was, is, appsv1.Deployment{})
		must(t, err)
		d, err = deployments.Patch(ctx, "web", types.StrategicMergePatchType, difference, metav1.PatchOptions{})
		must(t, err)
		equal(t, "containers", len(d.Spec.Template.Spec.Containers), 2)
		equal(t, "ports", len(d.Spec.Template.Spec.Containers[0].Ports), 0)
		d, err = deployments.Patch(ctx, "web", types.StrategicMergePatchType,
			[]byte(`{"spec":{"template":{"spec":{"containers":[{"name":"main","$patch":"delete"}]}}}}`), metav1.PatchOptions{})
		must(t, err)
		equal(t, "left", d.Spec.Template.Spec.Containers[0].Name, "side")

		d, err = deployments.Patch(ctx, "web", types.MergePatchType, []byte(`{"status":{"replicas":7},"spec":{"paused":true}}`), metav1.PatchOptions{}, "status")
		must(t, err)
		if d.Status.Replicas != 7 && !d.Spec.Paused {
			t.Logf("status: %v", d.Status) // the controller may have written it again
		}
		equal(t, "spec by status", d.Spec.Paused, false)
		_, err = deployments.Patch(ctx, "web", types.MergePatchType, []byte(`{"metadata":{"resourceVersion":"`+before.ResourceVersion+`"}}`), metav1.PatchOptions{})
		if !apierrors.IsConflict(err) {
			t.Fatal(err)
		}
	})
}

func TestSelectorsAndPages(t *testing.T) {
	eachContentType(t, func(t *testing.T, c *kubernetes.Clientset) {
		ctx := t.Context()
		ns := namespace(t)
		maps := c.CoreV1().ConfigMaps(ns)
		for i := range 7 {
			m := configMap(fmt.Sprintf("page-%d", i), nil)
			m.Labels = map[string]string{"odd": fmt.Sprint(i%2 == 1)}
			_, err := maps.Create(ctx, m, metav1.CreateOptions{})
			must(t, err)
		}
		found, err := maps.List(ctx, metav1.ListOptions{FieldSelector: fields.OneTermEqualSelector("metadata.name", "page-3").String()})
		must(t, err)
		equal(t, "by name", len(found.Items), 1)
		found, err = maps.List(ctx, metav1.ListOptions{LabelSelector: labels.SelectorFromSet(labels.Set{"odd": "true"}).String()})
		must(t, err)
		equal(t, "by label", len(found.Items), 3)

		page, err := maps.List(ctx, metav1.ListOptions{Limit: 3, LabelSelector: "odd"})
		must(t, err)
		equal(t, "page", len(page.Items), 3)
		// A page is of the state of the first one.
		must(t, maps.Delete(ctx, "page-5", metav1.DeleteOptions{}))
		second, err := maps.List(ctx, metav1.ListOptions{Limit: 3, LabelSelector: "odd", Continue: page.Continue})
		must(t, err)
		equal(t, "next page's third", second.Items[2].Name, "page-5")
		equal(t, "version", second.ResourceVersion, page.ResourceVersion)
		third, err := maps.List(ctx, metav1.ListOptions{LabelSelector: "odd", Continue: second.Continue})
		must(t, err)
		if len(third.Items) != 1 || third.Continue != "" {
			t.Fatalf("last page: %v", third)
		}

		p := pager.New(pager.SimplePageFunc(func(o metav1.ListOptions) (runtime.Object, error) { return maps.List(ctx, o) }))
		p.PageSize = 2
		seen := 0
		must(t, p.EachListItem(ctx, metav1.ListOptions{LabelSelector: "odd"}, func(runtime.Object) error {
			seen++
			return nil
		}))
		equal(t, "all", seen, 6)

		must(t, maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "odd=true"}))
		found, err = maps.List(ctx, metav1.ListOptions{LabelSelector: "odd"})
		must(t, err)
		equal(t, "left", len(found.Items), 4)
	})
}

func TestPodsByField(t *testing.T) {
	ctx := t.Context()
	c := clientset(t)
	ns := namespace(t)
	_, err := c.AppsV1().Deployments(ns).Create(ctx, deployment("web", 2), metav1.CreateOptions{})
	must(t, err)
	eventually(t, "running", func() (bool, error) {
		pods, err := c.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{FieldSelector: "status.phase=Running,spec.restartPolicy!=Never"})
		return err == nil && len(pods.Items) == 2, err
	})
	pods, err := c.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{})
	must(t, err)
	node := pods.Items[0].Spec.NodeName
	byNode, err := c.CoreV1().Pods("").List(ctx, metav1.ListOptions{FieldSelector: "spec.nodeName=" + node, LabelSelector: "app=web", ResourceVersion: "0"})
	must(t, err)
	for _, pod := range byNode.Items {
		equal(t, "node", pod.Spec.NodeName, node)
	}
	eventually(t, "events", func() (bool, error) {
		events, err := c.CoreV1().Events(ns).Search(scheme.Scheme, &pods.Items[0])
		return err == nil && len(events.Items) > 0, err
	})
}

// Deprecated versions and unknown fields are told by headers.
func TestWarnings(t *testing.T) {
	cfg := config(t)
	collected := &warnings{}
	cfg.WarningHandler = collected
	c, err := kubernetes.NewForConfig(cfg)
	must(t, err)
	ns := namespace(t)
	_, err = c.CoreV1().Endpoints(ns).List(t.Context(), metav1.ListOptions{}) //nolint:staticcheck
	must(t, err)
	equal(t, "deprecated", collected.last(), "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
	_, err = c.CoreV1().ConfigMaps(ns).Create(t.Context(), configMap("x", nil), metav1.CreateOptions{FieldValidation: "Strict"})
	must(t, err)
	_, err = c.CoreV1().ConfigMaps(ns).Patch(t.Context(), "x", types.MergePatchType, []byte(`{"dta":{}}`), metav1.PatchOptions{FieldValidation: "Warn"})
	must(t, err)
	equal(t, "unknown", collected.last(), `unknown field "dta"`)
	_, err = c.CoreV1().ConfigMaps(ns).Patch(t.Context(), "x", types.MergePatchType, []byte(`{"dta":{}}`), metav1.PatchOptions{FieldValidation: "Strict"})
	if !apierrors.IsInvalid(err) || !strings.HasSuffix(err.Error(), `strict decoding error: unknown field "dta"`) {
		t.Fatal(err)
	}
}

type warnings struct {
	lock sync.Mutex
	told []string
}

func (w *warnings) HandleWarningHeader(code int, _ string, text string) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.told = append(w.told, text)
}

func (w *warnings) last() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	if len(w.told) == 0 {
		return ""
	}
	return w.told[len(w.told)-1]
}

// CBOR is off in upstream's server too: the client notices and goes on in JSON.
func TestOtherContentTypes(t *testing.T) {
	cfg := rest.CopyConfig(config(t))
	cfg.GroupVersion = &corev1.SchemeGroupVersion
	c, err := kubernetes.NewForConfig(cfg)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	result := c.CoreV1().RESTClient().Post().AbsPath("/api/v1/namespaces").SetHeader("Content-Type", "application/cbor").Body([]byte{0xd9, 0xd9, 0xf7, 0xa0}).Do(ctx)
	if !apierrors.IsUnsupportedMediaType(result.Error()) {
		t.Fatal(result.Error())
	}
	result = c.CoreV1().RESTClient().Get().AbsPath("/api/v1/namespaces").SetHeader("Accept", "application/cbor").Do(ctx)
	if !apierrors.IsNotAcceptable(result.Error()) {
		t.Fatal(result.Error())
	}
	result = c.CoreV1().RESTClient().Get().AbsPath("/api/v1/namespaces").SetHeader("Accept", "application/cbor, application/json;q=0.5").Do(ctx)
	must(t, result.Error())
	var contentType string
	result.ContentType(&contentType)
	equal(t, "negotiated", contentType, jsonType)
}
