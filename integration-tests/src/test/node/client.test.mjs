// Kubernetes' client for Node against the API server that $KUBECONFIG names.
import * as k8s from '@kubernetes/client-node';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const LIMIT = 60_000;
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const custom = config.makeApiClient(k8s.CustomObjectsApi);
const objects = k8s.KubernetesObjectApi.makeApiClient(config);
let namespace;

before(async () => {
  namespace = (await core.createNamespace({ body: { metadata: { generateName: 'node-' } } })).metadata.name;
});

after(async () => {
  await core.deleteNamespace({ name: namespace });
});

const map = (name, data) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
const create = (name, data) => core.createNamespacedConfigMap({ namespace, body: map(name, data) });
const read = (name) => core.readNamespacedConfigMap({ name, namespace });

async function until(what, condition) {
  const end = Date.now() + LIMIT;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await delay(20);
  }
}

async function refusal(promise) {
  try {
    await promise;
  } catch (e) {
    assert.ok(e instanceof k8s.ApiException, String(e));
    return { code: e.code, status: typeof e.body === 'string' ? JSON.parse(e.body) : e.body };
  }
  return assert.fail('not refused');
}

test('writes and reads', async () => {
  assert.match((await config.makeApiClient(k8s.VersionApi).getCode()).gitVersion, /^v1\.36/);
  const created = await create('crud', { a: 'b' });
  assert.ok(created.metadata.uid);
  assert.ok(created.metadata.creationTimestamp instanceof Date);
  created.data.a = 'c';
  const replaced = await core.replaceNamespacedConfigMap({ name: 'crud', namespace, body: created });
  assert.notEqual(replaced.metadata.resourceVersion, created.metadata.resourceVersion);
  assert.deepEqual((await read('crud')).data, { a: 'c' });
  const deleted = await core.deleteNamespacedConfigMap({ name: 'crud', namespace });
  assert.equal(deleted.status, 'Success');
});

test('refusals', async () => {
  const absent = await refusal(read('absent'));
  assert.equal(absent.code, 404);
  assert.equal(absent.status.message, 'configmaps "absent" not found');
  const first = await create('stale', {});
  await core.replaceNamespacedConfigMap({ name: 'stale', namespace, body: map('stale', { a: 'b' }) });
  const conflict = await refusal(core.replaceNamespacedConfigMap({ name: 'stale', namespace, body: first }));
  assert.equal(conflict.code, 409);
  assert.equal(conflict.status.reason, 'Conflict');
  const invalid = await refusal(create('Bad_Name', {}));
  assert.equal(invalid.code, 422);
  assert.equal(invalid.status.details.causes[0].field, 'metadata.name');
});

test('patches of all kinds', async () => {
  await create('patched', { a: '1' });
  const patch = (body, strategy) =>
    core.patchNamespacedConfigMap(
      { name: 'patched', namespace, body, fieldManager: 'suite', ...(strategy === k8s.PatchStrategy.ServerSideApply ? { force: true } : {}) },
      k8s.setHeaderOptions('Content-Type', strategy));
  assert.deepEqual((await patch([{ op: 'replace', path: '/data/a', value: '2' }], k8s.PatchStrategy.JsonPatch)).data, { a: '2' });
  assert.deepEqual((await patch({ data: { a: null, b: '3' } }, k8s.PatchStrategy.MergePatch)).data, { b: '3' });
  assert.deepEqual((await patch({ data: { c: '4' } }, k8s.PatchStrategy.StrategicMergePatch)).data, { b: '3', c: '4' });
  const applied = await patch({ apiVersion: 'v1', kind: 'ConfigMap', data: { d: '5' } }, k8s.PatchStrategy.ServerSideApply);
  assert.deepEqual(applied.data, { b: '3', c: '4', d: '5' });
  assert.ok(applied.metadata.managedFields.some((entry) => entry.manager === 'suite' && entry.operation === 'Apply'));
});

test('pages and selectors', async () => {
  for (let i = 0; i < 5; i++) {
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: `page-${i}`, labels: { paged: 'yes' } } } });
  }
  const names = [];
  let next;
  do {
    const page = await core.listNamespacedConfigMap({ namespace, labelSelector: 'paged=yes', limit: 2, _continue: next });
    names.push(...page.items.map((item) => item.metadata.name));
    next = page.metadata._continue;
  } while (next);
  assert.deepEqual(names, ['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
  const one = await core.listNamespacedConfigMap({ namespace, fieldSelector: 'metadata.name=page-3' });
  assert.equal(one.items.length, 1);
  await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'paged=yes' });
  assert.equal((await core.listNamespacedConfigMap({ namespace, labelSelector: 'paged=yes' })).items.length, 0);
});

test('watches', async () => {
  const list = await core.listNamespacedConfigMap({ namespace });
  const events = [];
  let ended;
  const request = await new k8s.Watch(config).watch(
    `/api/v1/namespaces/${namespace}/configmaps`,
    { resourceVersion: list.metadata.resourceVersion, fieldSelector: 'metadata.name=watched', allowWatchBookmarks: true },
    (type, object) => events.push(`${type} ${object.data?.a}`),
    (error) => (ended = error ?? 'ended'));
  await create('watched', { a: '1' });
  await core.replaceNamespacedConfigMap({ name: 'watched', namespace, body: map('watched', { a: '2' }) });
  await core.deleteNamespacedConfigMap({ name: 'watched', namespace });
  await until('three events', () => events.length >= 3 || ended);
  request.abort();
  assert.deepEqual(events, ['ADDED 1', 'MODIFIED 2', 'DELETED 2']);
});

test('informs', async () => {
  await create('informed-before', { a: '1' });
  const told = [];
  const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => core.listNamespacedConfigMap({ namespace }));
  for (const verb of ['add', 'update', 'delete']) {
    informer.on(verb, (object) => object.metadata.name.startsWith('informed') && told.push(`${verb} ${object.metadata.name} ${object.data.a}`));
  }
  const errors = [];
  informer.on('error', (error) => errors.push(error));
  await informer.start();
  assert.equal(informer.get('informed-before', namespace).data.a, '1');
  await create('informed', { a: '1' });
  await core.replaceNamespacedConfigMap({ name: 'informed', namespace, body: map('informed', { a: '2' }) });
  await core.deleteNamespacedConfigMap({ name: 'informed', namespace });
  await until('all told', () => told.includes('delete informed 2'));
  await informer.stop();
  assert.deepEqual(told, ['add informed-before 1', 'add informed 1', 'update informed 2', 'delete informed 2']);
});

test('objects of any kind', async () => {
  const created = await objects.create(map('any', { a: '1' }));
  assert.ok(created.metadata.uid);
  created.data.a = '2';
  assert.equal((await objects.replace(created)).data.a, '2');
  const patched = await objects.patch({ ...map('any', { b: '3' }) }, undefined, undefined, 'suite', true, k8s.PatchStrategy.ServerSideApply);
  assert.deepEqual(patched.data, { a: '2', b: '3' });
  assert.equal((await objects.read(map('any'))).data.b, '3');
  assert.ok((await objects.list('v1', 'ConfigMap', namespace)).items.length > 0);
  await objects.delete(map('any'));
});

test('custom resources', async () => {
  const group = 'node.example', version = 'v1', plural = 'boats';
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}` },
    spec: {
      group, scope: 'Namespaced', names: { plural, singular: 'boat', kind: 'Boat' },
      versions: [{
        name: version, served: true, storage: true, subresources: { status: {}, scale: { specReplicasPath: '.spec.oars', statusReplicasPath: '.status.oars' } },
        schema: { openAPIV3Schema: { type: 'object', properties: {
          spec: { type: 'object', properties: { oars: { type: 'integer', minimum: 0, _default: 2 } } },
          status: { type: 'object', properties: { oars: { type: 'integer' } } } } } },
      }],
    },
  };
  const definitions = config.makeApiClient(k8s.ApiextensionsV1Api);
  await definitions.createCustomResourceDefinition({ body: definition });
  try {
    const body = { apiVersion: `${group}/${version}`, kind: 'Boat', metadata: { name: 'jolly' }, spec: {} };
    let created;
    await until('served', async () => {
      try {
        created = await custom.createNamespacedCustomObject({ group, version, namespace, plural, body });
      } catch (e) {
        if (e.code !== 404) throw e;
      }
      return created;
    });
    assert.equal(created.spec.oars, 2);
    const patched = await custom.patchNamespacedCustomObject(
      { group, version, namespace, plural, name: 'jolly', body: [{ op: 'replace', path: '/spec/oars', value: 4 }] });
    assert.equal(patched.spec.oars, 4);
    const status = await custom.patchNamespacedCustomObjectStatus(
      { group, version, namespace, plural, name: 'jolly', body: { status: { oars: 3 } } }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch));
    assert.equal(status.status.oars, 3);
    assert.equal((await custom.getNamespacedCustomObjectScale({ group, version, namespace, plural, name: 'jolly' })).status.replicas, 3);
    const bad = await refusal(custom.createNamespacedCustomObject({ group, version, namespace, plural, body: { ...body, metadata: { name: 'bad' }, spec: { oars: -1 } } }));
    assert.equal(bad.code, 422);
    assert.equal((await custom.listNamespacedCustomObject({ group, version, namespace, plural })).items.length, 1);
    await custom.deleteNamespacedCustomObject({ group, version, namespace, plural, name: 'jolly' });
  } finally {
    await definitions.deleteCustomResourceDefinition({ name: definition.metadata.name });
  }
});

test('a deployment and its pods', async () => {
  const labels = { app: 'web' };
  await apps.createNamespacedDeployment({ namespace, body: {
    metadata: { name: 'web' },
    spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'main:1' }] } } } } });
  const ready = async (count) => ((await apps.readNamespacedDeployment({ name: 'web', namespace })).status.readyReplicas ?? 0) === count;
  await until('two ready', () => ready(2));
  const pods = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  await core.createNamespacedPodEviction({ name: pods.items[0].metadata.name, namespace, body: { metadata: { name: pods.items[0].metadata.name } } });
  // Controllers write the Deployment's status meanwhile.
  await until('scaled down', async () => {
    const scale = await apps.readNamespacedDeploymentScale({ name: 'web', namespace });
    scale.spec.replicas = 1;
    return apps.replaceNamespacedDeploymentScale({ name: 'web', namespace, body: scale }).then(() => true, (error) => {
      assert.equal(error.code, 409);
      return false;
    });
  });
  await until('one ready', () => ready(1));
});

test('tokens and rights', async () => {
  const token = await core.createNamespacedServiceAccountToken({ name: 'default', namespace, body: { spec: { audiences: [], expirationSeconds: 600 } } });
  const other = new k8s.KubeConfig();
  other.loadFromClusterAndUser(config.getCurrentCluster(), { name: 'bot', token: token.status.token });
  const self = await other.makeApiClient(k8s.AuthenticationV1Api).createSelfSubjectReview({ body: {} });
  assert.equal(self.status.userInfo.username, `system:serviceaccount:${namespace}:default`);
  const denied = await refusal(other.makeApiClient(k8s.CoreV1Api).listNamespacedSecret({ namespace }));
  assert.equal(denied.code, 403);
  const review = await config.makeApiClient(k8s.AuthorizationV1Api).createSelfSubjectAccessReview({ body: { spec: { resourceAttributes: { verb: 'list', resource: 'pods' } } } });
  assert.equal(review.status.allowed, true);
});
