package clients

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/conversion"
)

// A custom resource with two versions: in v1 a ship has a number of decks, in v1alpha1 the number is a word.

const fleet = "fleet.example"

type Ship struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              ShipSpec   `json:"spec,omitempty"`
	Status            ShipStatus `json:"status,omitempty"`
}

type ShipSpec struct {
	Decks int32  `json:"decks"`
	Image string `json:"image,omitempty"`
}

type ShipStatus struct {
	Ready      int32              `json:"ready,omitempty"`
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

type ShipList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Ship `json:"items"`
}

type OldShip struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              OldShipSpec `json:"spec,omitempty"`
	Status            ShipStatus  `json:"status,omitempty"`
}

type OldShipSpec struct {
	Decks string `json:"decks"`
	Image string `json:"image,omitempty"`
}

type OldShipList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []OldShip `json:"items"`
}

func (*Ship) Hub() {}

var words = []string{"none", "one", "two", "three"}

func (o *OldShip) ConvertTo(hub conversion.Hub) error {
	ship := hub.(*Ship)
	ship.ObjectMeta, ship.Spec.Image, ship.Status = o.ObjectMeta, o.Spec.Image, o.Status
	for number, word := range words {
		if word == o.Spec.Decks {
			ship.Spec.Decks = int32(number)
			return nil
		}
	}
	return fmt.Errorf("no number: %s", o.Spec.Decks)
}

func (o *OldShip) ConvertFrom(hub conversion.Hub) error {
	ship := hub.(*Ship)
	o.ObjectMeta, o.Spec.Image, o.Status = ship.ObjectMeta, ship.Spec.Image, ship.Status
	o.Spec.Decks = words[ship.Spec.Decks]
	return nil
}

func copied[T any](from *T) *T {
	encoded, err := json.Marshal(from)
	if err != nil {
		panic(err)
	}
	to := new(T)
	if err := json.Unmarshal(encoded, to); err != nil {
		panic(err)
	}
	return to
}

func (s *Ship) DeepCopyObject() runtime.Object        { return copied(s) }
func (l *ShipList) DeepCopyObject() runtime.Object    { return copied(l) }
func (o *OldShip) DeepCopyObject() runtime.Object     { return copied(o) }
func (l *OldShipList) DeepCopyObject() runtime.Object { return copied(l) }

func addShips(scheme *runtime.Scheme) error {
	now, old := schema.GroupVersion{Group: fleet, Version: "v1"}, schema.GroupVersion{Group: fleet, Version: "v1alpha1"}
	scheme.AddKnownTypes(now, &Ship{}, &ShipList{})
	scheme.AddKnownTypeWithName(old.WithKind("Ship"), &OldShip{})
	scheme.AddKnownTypeWithName(old.WithKind("ShipList"), &OldShipList{})
	metav1.AddToGroupVersion(scheme, now)
	metav1.AddToGroupVersion(scheme, old)
	return corev1.AddToScheme(scheme)
}

const shipDefinition = `{
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "ships.fleet.example"},
  "spec": {
    "group": "fleet.example", "scope": "Namespaced",
    "names": {"plural": "ships", "singular": "ship", "kind": "Ship", "listKind": "ShipList"},
    "conversion": {"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"], "clientConfig": {"url": "URL/convert", "caBundle": "CA"}}},
    "versions": [
      {"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
       "schema": {"openAPIV3Schema": {"type": "object", "properties": {
         "spec": {"type": "object", "properties": {"decks": {"type": "integer", "format": "int32", "maximum": 3}, "image": {"type": "string"}}},
         "status": {"type": "object", "properties": {"ready": {"type": "integer"}, "conditions": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"],
            "items": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}, "status": {"type": "string"}, "reason": {"type": "string"}, "message": {"type": "string"},
              "observedGeneration": {"type": "integer", "format": "int64"}, "lastTransitionTime": {"type": "string", "format": "date-time"}}}}}}}}}},
      {"name": "v1alpha1", "served": true, "storage": false, "deprecated": true, "subresources": {"status": {}},
       "schema": {"openAPIV3Schema": {"type": "object", "properties": {
         "spec": {"type": "object", "properties": {"decks": {"type": "string"}, "image": {"type": "string"}}},
         "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}
    ]
  }
}`
