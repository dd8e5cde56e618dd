// Package clients runs Kubernetes' Go libraries against the API server that $KUBECONFIG names: what kubectl, controllers
// and operators are made of. The cluster needs controllers, a scheduler and nodes whose pods become ready.
package clients

import (
	"context"
	"os"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	corev1 "k8s.io/api/core/v1"
)

const limit = 60 * time.Second

const (
	jsonType     = "application/json"
	protobufType = "application/vnd.kubernetes.protobuf"
)

// config is the administrator's, without a limit of requests of its own.
func config(t *testing.T) *rest.Config {
	t.Helper()
	c, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	c.QPS = -1
	return c
}

func withType(c *rest.Config, contentType string) *rest.Config {
	c = rest.CopyConfig(c)
	c.ContentType = contentType
	if contentType != jsonType {
		c.AcceptContentTypes = contentType + "," + jsonType
	}
	return c
}

func clientset(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	c, err := kubernetes.NewForConfig(withType(config(t), protobufType))
	must(t, err)
	return c
}

// namespace makes one for a test, which ends with it.
func namespace(t *testing.T) string {
	t.Helper()
	c := clientset(t)
	ns, err := c.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "go-"}}, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		if err := c.CoreV1().Namespaces().Delete(context.Background(), ns.Name, metav1.DeleteOptions{}); err != nil {
			t.Errorf("namespace %s: %v", ns.Name, err)
		}
	})
	return ns.Name
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: %v, not %v", what, got, want)
	}
}

// eventually waits for a condition; an error ends the test at once.
func eventually(t *testing.T, what string, condition func() (bool, error)) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, limit, true, func(context.Context) (bool, error) { return condition() })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// refused checks how an error is told apart, and its words.
func refused(t *testing.T, err error, is func(error) bool, words string) {
	t.Helper()
	if err == nil || !is(err) || err.Error() != words {
		t.Fatalf("%q (%T %s), not %q", err, err, apierrors.ReasonForError(err), words)
	}
}

func configMap(name string, data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: data}
}
