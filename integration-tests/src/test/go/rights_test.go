package clients

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509/pkix"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/certificate/csr"
	"k8s.io/client-go/util/keyutil"
)

func TestTokensAndRights(t *testing.T) {
	ctx := t.Context()
	c := clientset(t)
	ns := namespace(t)
	_, err := c.CoreV1().ServiceAccounts(ns).Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "bot"}}, metav1.CreateOptions{})
	must(t, err)
	seconds := int64(600)
	token, err := c.CoreV1().ServiceAccounts(ns).CreateToken(ctx, "bot", &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}, metav1.CreateOptions{})
	must(t, err)
	if left := time.Until(token.Status.ExpirationTimestamp.Time); left < 9*time.Minute || left > 11*time.Minute {
		t.Fatalf("expires in %v", left)
	}
	cfg := rest.AnonymousClientConfig(config(t))
	cfg.BearerToken = token.Status.Token
	bot, err := kubernetes.NewForConfig(cfg)
	must(t, err)
	user := "system:serviceaccount:" + ns + ":bot"
	self, err := bot.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	must(t, err)
	equal(t, "who", self.Status.UserInfo.Username, user)
	review, err := c.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: token.Status.Token}}, metav1.CreateOptions{})
	must(t, err)
	equal(t, "reviewed", review.Status.User.Username, user)

	_, err = bot.CoreV1().Secrets(ns).List(ctx, metav1.ListOptions{})
	refused(t, err, apierrors.IsForbidden, `secrets is forbidden: User "`+user+`" cannot list resource "secrets" in API group "" in the namespace "`+ns+`"`)
	_, err = c.RbacV1().Roles(ns).Create(ctx, &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "reader"}, Rules: []rbacv1.PolicyRule{{Verbs: []string{"get", "list"}, APIGroups: []string{""}, Resources: []string{"secrets"}}}}, metav1.CreateOptions{})
	must(t, err)
	_, err = c.RbacV1().RoleBindings(ns).Create(ctx, &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "reader"},
		RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "reader"}, Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "bot", Namespace: ns}}}, metav1.CreateOptions{})
	must(t, err)
	eventually(t, "allowed", func() (bool, error) {
		_, err = bot.CoreV1().Secrets(ns).List(ctx, metav1.ListOptions{})
		if apierrors.IsForbidden(err) {
			return false, nil
		}
		return err == nil, err
	})
	attributes := &authorizationv1.ResourceAttributes{Namespace: ns, Verb: "get", Resource: "secrets"}
	sar, err := c.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{User: user, ResourceAttributes: attributes}}, metav1.CreateOptions{})
	must(t, err)
	equal(t, "allowed", sar.Status.Allowed, true)
	equal(t, "reason", sar.Status.Reason, `RBAC: allowed by RoleBinding "reader/`+ns+`" of Role "reader" to ServiceAccount "bot/`+ns+`"`)
	own, err := bot.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: ns, Verb: "delete", Resource: "secrets"}}}, metav1.CreateOptions{})
	must(t, err)
	equal(t, "deleting", own.Status.Allowed, false)
	rules, err := bot.AuthorizationV1().SelfSubjectRulesReviews().Create(ctx, &authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: ns}}, metav1.CreateOptions{})
	must(t, err)
	found := false
	for _, rule := range rules.Status.ResourceRules {
		found = found || len(rule.Resources) == 1 && rule.Resources[0] == "secrets" && len(rule.Verbs) == 2
	}
	equal(t, "in the rules", found, true)

	as := config(t)
	as.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: []string{"system:serviceaccounts"}, Extra: map[string][]string{"Some/Thing": {"x"}}}
	impersonated, err := kubernetes.NewForConfig(as)
	must(t, err)
	self, err = impersonated.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	must(t, err)
	equal(t, "impersonated", self.Status.UserInfo.Username+" "+self.Status.UserInfo.Extra["some/thing"][0], user+" x")

	bad := rest.AnonymousClientConfig(config(t))
	bad.BearerToken = token.Status.Token + "x"
	forged, err := kubernetes.NewForConfig(bad)
	must(t, err)
	_, err = forged.CoreV1().Secrets(ns).List(ctx, metav1.ListOptions{})
	refused(t, err, apierrors.IsUnauthorized, "Unauthorized")
}

func TestEvictions(t *testing.T) {
	ctx := t.Context()
	c := clientset(t)
	ns := namespace(t)
	_, err := c.AppsV1().Deployments(ns).Create(ctx, deployment("web", 1), metav1.CreateOptions{})
	must(t, err)
	var pod corev1.Pod
	eventually(t, "ready", func() (bool, error) {
		pods, err := c.CoreV1().Pods(ns).List(ctx, metav1.ListOptions{LabelSelector: "app=web", FieldSelector: "status.phase=Running"})
		if err != nil || len(pods.Items) == 0 {
			return false, err
		}
		pod = pods.Items[0]
		return true, nil
	})
	one := intstr.FromInt32(1)
	budgets := c.PolicyV1().PodDisruptionBudgets(ns)
	_, err = budgets.Create(ctx, &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: policyv1.PodDisruptionBudgetSpec{
		MinAvailable: &one, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}}}, metav1.CreateOptions{})
	must(t, err)
	eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: ns}}
	err = c.CoreV1().Pods(ns).EvictV1(ctx, eviction)
	if !apierrors.IsTooManyRequests(err) || !apierrors.HasStatusCause(err, policyv1.DisruptionBudgetCause) {
		t.Fatalf("%v", err)
	}
	must(t, budgets.Delete(ctx, "web", metav1.DeleteOptions{}))
	must(t, c.CoreV1().Pods(ns).EvictV1(ctx, eviction))
	eventually(t, "replaced", func() (bool, error) {
		_, err := c.CoreV1().Pods(ns).Get(ctx, pod.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
	// Without a uid in the answer, those who drain could not tell a pod from its successor.
	err = c.CoreV1().Pods(ns).EvictV1(ctx, eviction)
	refused(t, err, apierrors.IsNotFound, `pods "`+pod.Name+`" not found`)
}

// As kubelets and others get their certificates.
func TestCertificates(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	c := clientset(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	request, err := cert.MakeCSR(key, &pkix.Name{CommonName: "suite", Organization: []string{"sailors"}}, nil, nil)
	must(t, err)
	lifetime := time.Hour
	name, uid, err := csr.RequestCertificateWithContext(ctx, c, request, "", certificatesv1.KubeAPIServerClientSignerName, &lifetime,
		[]certificatesv1.KeyUsage{certificatesv1.UsageDigitalSignature, certificatesv1.UsageClientAuth}, key)
	must(t, err)
	pending, err := c.CertificatesV1().CertificateSigningRequests().Get(ctx, name, metav1.GetOptions{})
	must(t, err)
	pending.Status.Conditions = append(pending.Status.Conditions, certificatesv1.CertificateSigningRequestCondition{Type: certificatesv1.CertificateApproved, Status: corev1.ConditionTrue, Reason: "Suite"})
	_, err = c.CertificatesV1().CertificateSigningRequests().UpdateApproval(ctx, name, pending, metav1.UpdateOptions{})
	must(t, err)
	issued, err := csr.WaitForCertificate(ctx, c, name, uid)
	must(t, err)
	encoded, err := keyutil.MarshalPrivateKeyToPEM(key)
	must(t, err)
	cfg := rest.AnonymousClientConfig(config(t))
	cfg.CertData, cfg.KeyData = issued, encoded
	sailor, err := kubernetes.NewForConfig(cfg)
	must(t, err)
	self, err := sailor.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	must(t, err)
	equal(t, "who", self.Status.UserInfo.Username, "suite")
	equal(t, "groups", self.Status.UserInfo.Groups[0], "sailors")
}
