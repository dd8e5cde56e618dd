package clients

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	corev1apply "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/util/cert"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

const finalizer = fleet + "/log"

// shipReconciler keeps a Deployment for each ship, and writes into a log what has sunk.
type shipReconciler struct{ client.Client }

func (r *shipReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	ship := &Ship{}
	if err := r.Get(ctx, request.NamespacedName, ship); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !ship.DeletionTimestamp.IsZero() {
		if !controllerutil.ContainsFinalizer(ship, finalizer) {
			return ctrl.Result{}, nil
		}
		entry := corev1apply.ConfigMap("log", ship.Namespace).WithData(map[string]string{ship.Name: "sunk"})
		if err := r.Apply(ctx, entry, client.FieldOwner("ships"), client.ForceOwnership); err != nil {
			return ctrl.Result{}, err
		}
		before := copied(ship)
		controllerutil.RemoveFinalizer(ship, finalizer)
		return ctrl.Result{}, r.Patch(ctx, ship, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	}
	if controllerutil.AddFinalizer(ship, finalizer) {
		if err := r.Update(ctx, ship); err != nil {
			return ctrl.Result{}, err
		}
	}
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: ship.Namespace, Name: ship.Name}}
	if _, err := controllerutil.CreateOrPatch(ctx, r.Client, d, func() error {
		wanted := deployment(ship.Name, ship.Spec.Decks)
		d.Labels = wanted.Labels
		d.Spec.Replicas, d.Spec.Selector = wanted.Spec.Replicas, wanted.Spec.Selector
		if d.CreationTimestamp.IsZero() {
			d.Spec.Template = wanted.Spec.Template
		}
		d.Spec.Template.Spec.Containers[0].Image = ship.Spec.Image
		return controllerutil.SetControllerReference(ship, d, r.Scheme())
	}); err != nil {
		return ctrl.Result{}, err
	}
	before := copied(ship)
	ship.Status.Ready = d.Status.ReadyReplicas
	afloat := metav1.Condition{Type: "Afloat", Status: metav1.ConditionFalse, Reason: "Waiting", ObservedGeneration: ship.Generation}
	if d.Status.ReadyReplicas == ship.Spec.Decks {
		afloat.Status, afloat.Reason = metav1.ConditionTrue, "AllDecks"
	}
	meta.SetStatusCondition(&ship.Status.Conditions, afloat)
	return ctrl.Result{}, r.Status().Patch(ctx, ship, client.MergeFrom(before))
}

type shipDefaults struct{}

func (shipDefaults) Default(_ context.Context, ship *Ship) error {
	if ship.Spec.Image == "" {
		ship.Spec.Image = "ship:1"
	}
	return nil
}

type shipRules struct{}

func (shipRules) ValidateCreate(_ context.Context, ship *Ship) (admission.Warnings, error) {
	if ship.Name == "titanic" {
		return nil, errors.New("it will sink")
	}
	return admission.Warnings{"mind the " + ship.Name}, nil
}

func (shipRules) ValidateUpdate(_ context.Context, before, ship *Ship) (admission.Warnings, error) {
	if ship.Spec.Decks < before.Spec.Decks {
		return nil, apierrors.NewForbidden(schema.GroupResource{Group: fleet, Resource: "ships"}, ship.Name, errors.New("decks do not go"))
	}
	return nil, nil
}

func (shipRules) ValidateDelete(context.Context, *Ship) (admission.Warnings, error) { return nil, nil }

func TestOperator(t *testing.T) {
	ctrl.SetLogger(klog.Background())
	cfg := config(t)
	collected := &warnings{}
	cfg.WarningHandler = collected
	s := runtime.NewScheme()
	must(t, scheme.AddToScheme(s))
	must(t, addShips(s))
	ns := namespace(t)

	hooks := webhookServer(t)
	install(t, hooks)
	ctx, cancel := context.WithCancel(t.Context())
	manager, err := ctrl.NewManager(cfg, ctrl.Options{
		Scheme:                        s,
		Metrics:                       metricsserver.Options{BindAddress: "0"},
		WebhookServer:                 webhook.NewServer(hooks.options),
		Cache:                         cache.Options{DefaultNamespaces: map[string]cache.Config{ns: {}}},
		LeaderElection:                true,
		LeaderElectionID:              "ships",
		LeaderElectionNamespace:       ns,
		LeaderElectionReleaseOnCancel: true,
		GracefulShutdownTimeout:       ptr(10 * time.Second),
	})
	must(t, err)
	must(t, ctrl.NewWebhookManagedBy(manager, &Ship{}).WithDefaulter(shipDefaults{}).WithValidator(shipRules{}).Complete())
	must(t, ctrl.NewControllerManagedBy(manager).
		For(&Ship{}, builder.WithPredicates(predicate.GenerationChangedPredicate{})).
		Owns(&appsv1.Deployment{}).
		Complete(&shipReconciler{manager.GetClient()}))
	must(t, manager.GetFieldIndexer().IndexField(ctx, &Ship{}, "spec.image", func(o client.Object) []string { return []string{o.(*Ship).Spec.Image} }))
	ended := make(chan error, 1)
	go func() { ended <- manager.Start(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	eventually(t, "webhooks", func() (bool, error) {
		select {
		case err := <-ended:
			ended <- nil
			return false, fmt.Errorf("the manager ended: %w", err)
		default:
			return manager.GetWebhookServer().StartedChecker()(nil) == nil, nil
		}
	})
	sail(t, ctx, manager.GetClient(), client.Options{Scheme: s}, ns, collected)
}

func sail(t *testing.T, ctx context.Context, cached client.Client, options client.Options, ns string, collected *warnings) {
	cfg := config(t)
	cfg.WarningHandler = collected
	c, err := client.New(cfg, options)
	must(t, err)
	ship := &Ship{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: "jolly"}, Spec: ShipSpec{Decks: 1}}
	eventually(t, "served", func() (bool, error) {
		err := c.Create(ctx, ship)
		if meta.IsNoMatchError(err) || apierrors.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	})
	equal(t, "default by the webhook", ship.Spec.Image, "ship:1")
	equal(t, "warning of the webhook", collected.last(), "mind the jolly")
	err = c.Create(ctx, &Ship{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: "titanic"}})
	refused(t, err, apierrors.IsForbidden, `admission webhook "validate.fleet.example" denied the request: it will sink`)
	err = c.Create(ctx, &Ship{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: "high"}, Spec: ShipSpec{Decks: 4}})
	refused(t, err, apierrors.IsInvalid, `Ship.fleet.example "high" is invalid: spec.decks: Invalid value: 4: spec.decks in body should be less than or equal to 3`)

	key := client.ObjectKeyFromObject(ship)
	afloat := func(decks int32) func() (bool, error) {
		return func() (bool, error) {
			if err := c.Get(ctx, key, ship); err != nil {
				return false, err
			}
			return ship.Status.Ready == decks && meta.IsStatusConditionTrue(ship.Status.Conditions, "Afloat"), nil
		}
	}
	eventually(t, "afloat", afloat(1))
	d := &appsv1.Deployment{}
	must(t, c.Get(ctx, key, d))
	if !metav1.IsControlledBy(d, ship) || !*d.OwnerReferences[0].BlockOwnerDeletion {
		t.Fatalf("owner: %v", d.OwnerReferences)
	}

	// The other version, by the webhook that converts; it is deprecated.
	old := &OldShip{}
	must(t, c.Get(ctx, key, old))
	equal(t, "converted", old.Spec.Decks, "one")
	equal(t, "warning", collected.last(), "fleet.example/v1alpha1 Ship is deprecated; use fleet.example/v1 Ship")
	old.Spec.Decks = "two"
	must(t, c.Update(ctx, old))
	eventually(t, "grown", afloat(2))
	err = c.Patch(ctx, old, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"decks":"many"}}`)))
	if err == nil || !strings.Contains(err.Error(), "no number: many") {
		t.Fatalf("a conversion that fails: %v", err)
	}
	generic := &unstructured.UnstructuredList{}
	generic.SetAPIVersion(fleet + "/v1alpha1")
	generic.SetKind("ShipList")
	must(t, c.List(ctx, generic, client.InNamespace(ns)))
	equal(t, "list in the other version", fmt.Sprint(generic.Items[0].Object["spec"]), "map[decks:two image:ship:1]")

	err = c.Patch(ctx, copied(ship), client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"decks":1}}`)))
	refused(t, err, apierrors.IsForbidden, `admission webhook "validate.fleet.example" denied the request: ships.fleet.example "jolly" is forbidden: decks do not go`)

	// From the manager's own caches: typed, by an index, metadata alone.
	ships := &ShipList{}
	eventually(t, "by an index", func() (bool, error) {
		err := cached.List(ctx, ships, client.InNamespace(ns), client.MatchingFields{"spec.image": "ship:1"})
		return err == nil && len(ships.Items) == 1, err
	})
	partial := &metav1.PartialObjectMetadata{}
	partial.SetGroupVersionKind(schema.GroupVersionKind{Group: fleet, Version: "v1", Kind: "Ship"})
	must(t, cached.Get(ctx, key, partial))
	equal(t, "metadata", partial.UID, ship.UID)

	// What it owns is made anew.
	must(t, c.Delete(ctx, d, client.PropagationPolicy(metav1.DeletePropagationForeground)))
	eventually(t, "a new deployment", func() (bool, error) {
		again := &appsv1.Deployment{}
		err := c.Get(ctx, key, again)
		return err == nil && again.UID != d.UID, client.IgnoreNotFound(err)
	})

	must(t, c.Delete(ctx, ship))
	eventually(t, "gone", func() (bool, error) {
		err := c.Get(ctx, key, ship)
		return apierrors.IsNotFound(err), client.IgnoreNotFound(err)
	})
	log := &corev1.ConfigMap{}
	must(t, c.Get(ctx, client.ObjectKey{Namespace: ns, Name: "log"}, log))
	equal(t, "log", log.Data["jolly"], "sunk")
	eventually(t, "collected", func() (bool, error) {
		err := c.Get(ctx, key, d)
		return apierrors.IsNotFound(err), client.IgnoreNotFound(err)
	})
}

type hookServer struct {
	options webhook.Options
	url     string
	ca      []byte
}

// webhookServer has a certificate of its own and a free port.
func webhookServer(t *testing.T) hookServer {
	t.Helper()
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", []net.IP{net.ParseIP("127.0.0.1")}, nil)
	must(t, err)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "tls.crt"), certificate, 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "tls.key"), key, 0o600))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	port := free.Addr().(*net.TCPAddr).Port
	must(t, free.Close())
	return hookServer{webhook.Options{Host: "127.0.0.1", Port: port, CertDir: folder}, fmt.Sprintf("https://127.0.0.1:%d", port), certificate}
}

// install makes the definition and the webhooks' configurations.
func install(t *testing.T, hooks hookServer) {
	t.Helper()
	ctx := t.Context()
	text := strings.NewReplacer("URL", hooks.url, "CA\"", base64.StdEncoding.EncodeToString(hooks.ca)+"\"").Replace(shipDefinition)
	definition := &apiextensionsv1.CustomResourceDefinition{}
	must(t, json.Unmarshal([]byte(text), definition))
	ext, err := apiextensions.NewForConfig(config(t))
	must(t, err)
	_, err = ext.ApiextensionsV1().CustomResourceDefinitions().Create(ctx, definition, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		if err := ext.ApiextensionsV1().CustomResourceDefinitions().Delete(context.Background(), definition.Name, metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "established", func() (bool, error) {
		d, err := ext.ApiextensionsV1().CustomResourceDefinitions().Get(ctx, definition.Name, metav1.GetOptions{})
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
	// The manager asks which resource its kinds belong to as soon as it is made.
	eventually(t, "discovered", func() (bool, error) {
		_, err := ext.Discovery().ServerResourcesForGroupVersion(fleet + "/v1")
		if apierrors.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	})
	rule := []admissionv1.RuleWithOperations{{
		Operations: []admissionv1.OperationType{admissionv1.Create, admissionv1.Update},
		Rule:       admissionv1.Rule{APIGroups: []string{fleet}, APIVersions: []string{"v1"}, Resources: []string{"ships"}},
	}}
	at := func(path string) admissionv1.WebhookClientConfig {
		url := hooks.url + path
		return admissionv1.WebhookClientConfig{URL: &url, CABundle: hooks.ca}
	}
	none := admissionv1.SideEffectClassNone
	c := clientset(t).AdmissionregistrationV1()
	_, err = c.MutatingWebhookConfigurations().Create(ctx, &admissionv1.MutatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "ships"}, Webhooks: []admissionv1.MutatingWebhook{{
		Name: "default.fleet.example", Rules: rule, ClientConfig: at("/mutate-fleet-example-v1-ship"), SideEffects: &none, AdmissionReviewVersions: []string{"v1"}}}}, metav1.CreateOptions{})
	must(t, err)
	_, err = c.ValidatingWebhookConfigurations().Create(ctx, &admissionv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "ships"}, Webhooks: []admissionv1.ValidatingWebhook{{
		Name: "validate.fleet.example", Rules: rule, ClientConfig: at("/validate-fleet-example-v1-ship"), SideEffects: &none, AdmissionReviewVersions: []string{"v1"}}}}, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		must(t, c.MutatingWebhookConfigurations().Delete(context.Background(), "ships", metav1.DeleteOptions{}))
		must(t, c.ValidatingWebhookConfigurations().Delete(context.Background(), "ships", metav1.DeleteOptions{}))
	})
}
