package clients

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	appsapply "k8s.io/client-go/applyconfigurations/apps/v1"
	autoscalingapply "k8s.io/client-go/applyconfigurations/autoscaling/v1"
	coreapply "k8s.io/client-go/applyconfigurations/core/v1"
	metaapply "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/kubernetes"
)

func TestApply(t *testing.T) {
	eachContentType(t, func(t *testing.T, c *kubernetes.Clientset) {
		ctx := t.Context()
		ns := namespace(t)
		deployments := c.AppsV1().Deployments(ns)
		wanted := appsapply.Deployment("web", ns).
			WithLabels(map[string]string{"app": "web"}).
			WithSpec(appsapply.DeploymentSpec().
				WithReplicas(0).
				WithSelector(metaapply.LabelSelector().WithMatchLabels(map[string]string{"app": "web"})).
				WithTemplate(coreapply.PodTemplateSpec().
					WithLabels(map[string]string{"app": "web"}).
					WithSpec(coreapply.PodSpec().WithContainers(
						coreapply.Container().WithName("main").WithImage("main:1").
							WithPorts(coreapply.ContainerPort().WithContainerPort(80)).
							WithEnv(coreapply.EnvVar().WithName("A").WithValue("1"), coreapply.EnvVar().WithName("B").WithValue("2"))))))
		first, err := deployments.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: "suite"})
		must(t, err)
		again, err := deployments.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: "suite"})
		must(t, err)
		equal(t, "generation after the same again", again.Generation, first.Generation)

		_, err = deployments.Apply(ctx, appsapply.Deployment("web", ns).WithSpec(appsapply.DeploymentSpec().WithReplicas(3)), metav1.ApplyOptions{FieldManager: "other"})
		refused(t, err, apierrors.IsConflict, `Apply failed with 1 conflict: conflict with "suite": .spec.replicas`)
		taken, err := deployments.Apply(ctx, appsapply.Deployment("web", ns).WithSpec(appsapply.DeploymentSpec().WithReplicas(0)), metav1.ApplyOptions{FieldManager: "other"})
		must(t, err)
		equal(t, "shared", *taken.Spec.Replicas, 0)

		// What one owns, changed by a program that knows nothing else of the object.
		mine, err := appsapply.ExtractDeployment(taken, "suite")
		must(t, err)
		equal(t, "extracted", *mine.Spec.Template.Spec.Containers[0].Image, "main:1")
		if mine.Spec.Strategy != nil {
			t.Fatalf("extracted what somebody else owns: %v", mine.Spec.Strategy)
		}
		mine.Spec.Replicas = nil
		mine.Spec.Template.Spec.Containers[0].Env = mine.Spec.Template.Spec.Containers[0].Env[1:]
		less, err := deployments.Apply(ctx, mine, metav1.ApplyOptions{FieldManager: "suite"})
		must(t, err)
		if env := less.Spec.Template.Spec.Containers[0].Env; len(env) != 1 || env[0].Name != "B" {
			t.Fatalf("env: %v", env)
		}
		equal(t, "still owned by the other", *less.Spec.Replicas, 0)

		scaled, err := deployments.ApplyScale(ctx, "web", autoscalingapply.Scale().WithSpec(autoscalingapply.ScaleSpec().WithReplicas(1)), metav1.ApplyOptions{FieldManager: "scaler", Force: true})
		must(t, err)
		equal(t, "scaled", scaled.Spec.Replicas, 1)
		eventually(t, "ready", func() (bool, error) {
			d, err := deployments.Get(ctx, "web", metav1.GetOptions{})
			return err == nil && d.Status.ReadyReplicas == 1, err
		})
	})
}

func TestApplyStatus(t *testing.T) {
	ctx := t.Context()
	c := clientset(t)
	ns := namespace(t)
	pods := c.CoreV1().Pods(ns)
	// No scheduler takes it, so that nobody else writes its status.
	_, err := pods.Apply(ctx, coreapply.Pod("lonely", ns).WithSpec(coreapply.PodSpec().WithSchedulerName("nobody").
		WithContainers(coreapply.Container().WithName("main").WithImage("main:1"))), metav1.ApplyOptions{FieldManager: "suite"})
	must(t, err)
	condition := coreapply.PodCondition().WithType("Suite").WithStatus(corev1.ConditionTrue).WithLastTransitionTime(metav1.Now().Rfc3339Copy())
	pod, err := pods.ApplyStatus(ctx, coreapply.Pod("lonely", ns).WithStatus(coreapply.PodStatus().WithConditions(condition)), metav1.ApplyOptions{FieldManager: "suite"})
	must(t, err)
	equal(t, "condition", pod.Status.Conditions[0].Type, "Suite")
	extracted, err := coreapply.ExtractPodStatus(pod, "suite")
	must(t, err)
	equal(t, "extracted", len(extracted.Status.Conditions), 1)
	// Several managers, one list: nobody takes away another's entry.
	other := coreapply.PodCondition().WithType("Other").WithStatus(corev1.ConditionFalse)
	pod, err = pods.ApplyStatus(ctx, coreapply.Pod("lonely", ns).WithStatus(coreapply.PodStatus().WithConditions(other)), metav1.ApplyOptions{FieldManager: "other"})
	must(t, err)
	equal(t, "conditions", len(pod.Status.Conditions), 2)
	pod, err = pods.Patch(ctx, "lonely", types.StrategicMergePatchType, []byte(`{"status":{"conditions":[{"type":"Suite","status":"False"}]}}`), metav1.PatchOptions{FieldManager: "third"}, "status")
	must(t, err)
	_, err = pods.ApplyStatus(ctx, coreapply.Pod("lonely", ns).WithStatus(coreapply.PodStatus().WithConditions(condition)), metav1.ApplyOptions{FieldManager: "suite"})
	refused(t, err, apierrors.IsConflict, `Apply failed with 1 conflict: conflict with "third" with subresource "status" using v1: .status.conditions[type="Suite"].status`)
	must(t, pods.Delete(ctx, "lonely", *metav1.NewDeleteOptions(0)))
}
