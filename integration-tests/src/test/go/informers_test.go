package clients

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	clientfeatures "k8s.io/client-go/features"
	featurestesting "k8s.io/client-go/features/testing"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/record"
	watchtools "k8s.io/client-go/tools/watch"
)

type told struct {
	lock sync.Mutex
	all  []string
}

func (l *told) add(format string, parts ...any) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.all = append(l.all, fmt.Sprintf(format, parts...))
}

func (l *told) is(words ...string) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	return slices.Equal(l.all, words)
}

func (l *told) has(words string) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	return slices.Contains(l.all, words)
}

// Both ways to begin: a watch that begins with all objects, and a list.
func TestInformers(t *testing.T) {
	for _, watchList := range []bool{true, false} {
		t.Run(fmt.Sprintf("WatchList=%v", watchList), func(t *testing.T) {
			featurestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, watchList)
			eachContentType(t, informs)
		})
	}
}

func informs(t *testing.T, c *kubernetes.Clientset) {
	ctx, cancel := context.WithCancel(t.Context())
	ns := namespace(t)
	maps := c.CoreV1().ConfigMaps(ns)
	for _, name := range []string{"a", "b", "other"} {
		m := configMap(name, map[string]string{"n": "1"})
		m.Labels = map[string]string{"seen": fmt.Sprint(name != "other")}
		_, err := maps.Create(ctx, m, metav1.CreateOptions{})
		must(t, err)
	}
	factory := informers.NewSharedInformerFactoryWithOptions(c, 0, informers.WithNamespace(ns),
		informers.WithTweakListOptions(func(o *metav1.ListOptions) { o.LabelSelector = "seen=true" }),
		informers.WithTransform(func(o any) (any, error) {
			if m, ok := o.(*corev1.ConfigMap); ok {
				m.ManagedFields = nil
			}
			return o, nil
		}))
	informer := factory.Core().V1().ConfigMaps()
	heard := &told{}
	_, err := informer.Informer().AddEventHandler(cache.ResourceEventHandlerDetailedFuncs{
		AddFunc:    func(o any, initial bool) { heard.add("add %s %v", o.(*corev1.ConfigMap).Name, initial) },
		UpdateFunc: func(_, o any) { heard.add("update %s %s", o.(*corev1.ConfigMap).Name, o.(*corev1.ConfigMap).Data["n"]) },
		DeleteFunc: func(o any) { heard.add("delete %s", o.(*corev1.ConfigMap).Name) },
	})
	must(t, err)
	factory.Start(ctx.Done())
	defer factory.Shutdown()
	defer cancel()
	if !cache.WaitForCacheSync(ctx.Done(), informer.Informer().HasSynced) {
		t.Fatal("not synced")
	}
	found, err := informer.Lister().ConfigMaps(ns).List(labels.Everything())
	must(t, err)
	equal(t, "in the cache", len(found), 2)

	m := configMap("a", map[string]string{"n": "2"})
	m.Labels = map[string]string{"seen": "true"}
	_, err = maps.Update(ctx, m, metav1.UpdateOptions{})
	must(t, err)
	eventually(t, "update", func() (bool, error) { return heard.has("update a 2"), nil })
	// Out of the selector and into it.
	m.Labels["seen"] = "no"
	_, err = maps.Update(ctx, m, metav1.UpdateOptions{})
	must(t, err)
	eventually(t, "left", func() (bool, error) { return heard.has("delete a"), nil })
	m.Labels["seen"] = "true"
	updated, err := maps.Update(ctx, m, metav1.UpdateOptions{})
	must(t, err)
	eventually(t, "back", func() (bool, error) { return heard.has("add a false"), nil })
	must(t, maps.Delete(ctx, "b", metav1.DeleteOptions{}))
	eventually(t, "deleted", func() (bool, error) { return heard.has("delete b"), nil })
	if heard.has("add other true") {
		t.Fatal("what the selector leaves out")
	}
	eventually(t, "version", func() (bool, error) {
		cached, err := informer.Lister().ConfigMaps(ns).Get("a")
		return err == nil && cached.ResourceVersion == updated.ResourceVersion, err
	})
}

func TestWatchesFromTheBeginning(t *testing.T) {
	eachContentType(t, func(t *testing.T, c *kubernetes.Clientset) {
		ctx := t.Context()
		maps := c.CoreV1().ConfigMaps(namespace(t))
		for _, name := range []string{"a", "b"} {
			_, err := maps.Create(ctx, seen(name), metav1.CreateOptions{})
			must(t, err)
		}
		w, err := maps.Watch(ctx, metav1.ListOptions{SendInitialEvents: ptr(true), ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan, AllowWatchBookmarks: true, LabelSelector: "seen"})
		must(t, err)
		defer w.Stop()
		equal(t, "first", next(t, w).Object.(*corev1.ConfigMap).Name, "a")
		equal(t, "second", next(t, w).Object.(*corev1.ConfigMap).Name, "b")
		end := next(t, w)
		equal(t, "third", end.Type, watch.Bookmark)
		mark := end.Object.(*corev1.ConfigMap)
		equal(t, "mark", mark.Annotations[metav1.InitialEventsAnnotationKey], "true")
		_, err = maps.Create(ctx, seen("c"), metav1.CreateOptions{})
		must(t, err)
		equal(t, "then", next(t, w).Object.(*corev1.ConfigMap).Name, "c")

		// From there on again.
		again, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: mark.ResourceVersion, LabelSelector: "seen"})
		must(t, err)
		defer again.Stop()
		equal(t, "again", next(t, again).Object.(*corev1.ConfigMap).Name, "c")
	})
}

// seen is told from what controllers put into each namespace.
func seen(name string) *corev1.ConfigMap {
	m := configMap(name, nil)
	m.Labels = map[string]string{"seen": "yes"}
	return m
}

// A watch ends when its time is over; a bookmark comes shortly before, so that the next one need not go far back.
func TestBookmarkBeforeTheEnd(t *testing.T) {
	ctx := t.Context()
	c := clientset(t)
	maps := c.CoreV1().ConfigMaps(namespace(t))
	list, err := maps.List(ctx, metav1.ListOptions{})
	must(t, err)
	seconds := int64(4)
	w, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion, AllowWatchBookmarks: true, TimeoutSeconds: &seconds, LabelSelector: "seen"})
	must(t, err)
	_, err = maps.Create(ctx, configMap("unseen", nil), metav1.CreateOptions{})
	must(t, err)
	event := next(t, w)
	equal(t, "event", event.Type, watch.Bookmark)
	if event.Object.(*corev1.ConfigMap).ResourceVersion == "" {
		t.Fatal("no version")
	}
	for {
		select {
		case event, open := <-w.ResultChan():
			if !open {
				return
			}
			equal(t, "event", event.Type, watch.Bookmark)
		case <-time.After(limit):
			t.Fatal("the watch did not end")
		}
	}
}

func next(t *testing.T, w watch.Interface) watch.Event {
	t.Helper()
	select {
	case event, open := <-w.ResultChan():
		if !open {
			t.Fatal("the watch ended")
		}
		if event.Type == watch.Error {
			t.Fatal(apierrors.FromObject(event.Object))
		}
		return event
	case <-time.After(limit):
		t.Fatal("no event")
	}
	panic("unreachable")
}

func TestToolsThatWatch(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	c := clientset(t)
	ns := namespace(t)
	maps := c.CoreV1().ConfigMaps(ns)
	lists := &cache.ListWatch{
		ListWithContextFunc:  func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) { return maps.List(ctx, o) },
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) { return maps.Watch(ctx, o) },
	}
	first, err := maps.Create(ctx, configMap("x", nil), metav1.CreateOptions{})
	must(t, err)
	retrying, err := watchtools.NewRetryWatcherWithContext(ctx, first.ResourceVersion, lists)
	must(t, err)
	defer retrying.Stop()
	_, err = maps.Update(ctx, configMap("x", map[string]string{"a": "b"}), metav1.UpdateOptions{})
	must(t, err)
	event, err := watchtools.UntilWithSync(ctx, lists, &corev1.ConfigMap{}, nil, func(e watch.Event) (bool, error) {
		m := e.Object.(*corev1.ConfigMap)
		return m.Name == "x" && m.Data["a"] == "b", nil
	})
	must(t, err)
	equal(t, "until", event.Object.(*corev1.ConfigMap).Data["a"], "b")
	for e := range retrying.ResultChan() {
		m, ok := e.Object.(*corev1.ConfigMap)
		if !ok {
			t.Fatal(apierrors.FromObject(e.Object))
		}
		if m.Name == "x" {
			equal(t, "event", e.Type, watch.Modified)
			break
		}
	}
	// Older than everything that is kept: the watch itself is well answered, its first event says so.
	w, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: "1"})
	if err == nil {
		event := <-w.ResultChan()
		w.Stop()
		if event.Type == watch.Error {
			err = apierrors.FromObject(event.Object)
		}
	}
	if err != nil && !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) {
		t.Fatal(err)
	}
}

func TestLeaderElection(t *testing.T) {
	c := clientset(t)
	ns := namespace(t)
	leads := &told{}
	run := func(identity string) (context.CancelFunc, <-chan struct{}) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
			Lock: &resourcelock.LeaseLock{
				LeaseMeta:  metav1.ObjectMeta{Namespace: ns, Name: "suite"},
				Client:     c.CoordinationV1(),
				LockConfig: resourcelock.ResourceLockConfig{Identity: identity},
			},
			LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 50 * time.Millisecond,
			ReleaseOnCancel: true,
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: func(ctx context.Context) { leads.add("%s leads", identity); <-ctx.Done() },
				OnStoppedLeading: func() { leads.add("%s stopped", identity) },
			},
		})
		must(t, err)
		go func() { defer close(ended); elector.Run(ctx) }()
		return cancel, ended
	}
	stopFirst, firstEnded := run("first")
	eventually(t, "first", func() (bool, error) { return leads.is("first leads"), nil })
	stopSecond, secondEnded := run("second")
	defer stopSecond()
	lease, err := c.CoordinationV1().Leases(ns).Get(t.Context(), "suite", metav1.GetOptions{})
	must(t, err)
	equal(t, "holder", *lease.Spec.HolderIdentity, "first")
	renewed := lease.Spec.RenewTime.Time
	eventually(t, "renewed", func() (bool, error) {
		lease, err := c.CoordinationV1().Leases(ns).Get(t.Context(), "suite", metav1.GetOptions{})
		return err == nil && lease.Spec.RenewTime.After(renewed), err
	})
	stopFirst()
	<-firstEnded
	eventually(t, "second", func() (bool, error) { return leads.is("first leads", "first stopped", "second leads"), nil })
	lease, err = c.CoordinationV1().Leases(ns).Get(t.Context(), "suite", metav1.GetOptions{})
	must(t, err)
	equal(t, "transitions", *lease.Spec.LeaseTransitions, 1)
	stopSecond()
	<-secondEnded
}

// Both libraries for events: many alike become one that counts.
func TestEvents(t *testing.T) {
	ctx := t.Context()
	c := clientset(t)
	ns := namespace(t)
	about, err := c.CoreV1().ConfigMaps(ns).Create(ctx, configMap("about", nil), metav1.CreateOptions{})
	must(t, err)

	older := record.NewBroadcaster(record.WithContext(ctx))
	older.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: c.CoreV1().Events(ns)})
	defer older.Shutdown()
	recorder := older.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "suite"})
	for range 3 {
		recorder.Event(about, corev1.EventTypeWarning, "Older", "thrice")
	}
	eventually(t, "one of three", func() (bool, error) {
		list, err := c.CoreV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=Older,involvedObject.uid=" + string(about.UID)})
		return err == nil && len(list.Items) == 1 && list.Items[0].Count == 3, err
	})

	newer := events.NewBroadcaster(&events.EventSinkImpl{Interface: c.EventsV1()})
	must(t, newer.StartRecordingToSinkWithContext(ctx))
	defer newer.Shutdown()
	series := newer.NewRecorder(scheme.Scheme, "suite.example/suite")
	for range 3 {
		series.Eventf(about, nil, corev1.EventTypeNormal, "Newer", "Test", "a series of %d", 3)
	}
	eventually(t, "a series", func() (bool, error) {
		list, err := c.EventsV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=Newer"})
		return err == nil && len(list.Items) == 1 && list.Items[0].Series != nil, err
	})
	var one eventsv1.Event
	list, err := c.EventsV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "regarding.name=about,reason=Older"})
	must(t, err)
	one = list.Items[0]
	equal(t, "the other form", fmt.Sprint(one.DeprecatedCount, " ", one.Note), "3 thrice")
}
