// Streams into a pod with Kubernetes' client for Node, on the cluster that $KUBECONFIG names; the pod's image is $IMAGE.
import * as k8s from '@kubernetes/client-node';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const LIMIT = 60_000;
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const name = 'streams';
let namespace;

class Text extends Writable {
  text = '';
  _write(chunk, encoding, done) {
    this.text += chunk.toString('latin1');
    done();
  }
}

async function until(what, condition) {
  const end = Date.now() + LIMIT;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not in time: ${what()}`);
    await delay(20);
  }
}

before(async () => {
  namespace = (await core.createNamespace({ body: { metadata: { generateName: 'node-streams-' } } })).metadata.name;
  const image = process.env.IMAGE;
  const command = ['sh', '-c', 'mkdir /tmp/post; echo started; exec cat'];
  const server = ['sh', '-c', 'mkdir /tmp/www; echo page > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www'];
  await until(
    () => 'the ServiceAccount',
    async () => (await core.listNamespacedServiceAccount({ namespace })).items.length > 0,
  );
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          { name: 'shell', image, imagePullPolicy: 'IfNotPresent', command, stdin: true },
          { name: 'web', image, imagePullPolicy: 'IfNotPresent', command: server },
        ],
      },
    },
  });
  await until(
    () => 'the pod',
    async () =>
      (await core.readNamespacedPod({ name, namespace })).status.conditions?.some(
        (one) => one.type === 'Ready' && one.status === 'True',
      ),
  );
});

after(async () => {
  await core.deleteNamespace({ name: namespace });
});

/** Runs a command to its end. */
function run(command, { input = null, tty = false } = {}) {
  const out = new Text();
  const err = new Text();
  return new Promise((resolve, reject) => {
    new k8s.Exec(config)
      .exec(namespace, name, 'shell', command, out, err, input, tty, (status) =>
        resolve({ out: out.text, err: err.text, status }),
      )
      .catch(reject);
  });
}

test('exec', async () => {
  const done = await run(['sh', '-c', 'echo good; echo bad >&2; exit 3']);
  assert.equal(done.out, 'good\n');
  assert.equal(done.err, 'bad\n');
  assert.equal(done.status.status, 'Failure');
  assert.equal(done.status.reason, 'NonZeroExitCode');
  assert.deepEqual(done.status.details.causes, [{ reason: 'ExitCode', message: '3' }]);
  const input = new PassThrough();
  input.write('there and back\n');
  const back = await run(['head', '-n', '1'], { input });
  assert.equal(back.out, 'there and back\n');
  assert.equal(back.status.status, 'Success');
  assert.equal((await run(['sh', '-c', 'test -t 1 && echo terminal'], { tty: true })).out, 'terminal\r\n');
});

test('exec with input that ends, and much of it', async () => {
  const input = new PassThrough();
  input.end(Buffer.alloc(3_000_000, 'x'));
  const counted = await run(['wc', '-c'], { input });
  assert.equal(counted.out.trim(), '3000000');
});

test('what cannot be', async () => {
  await assert.rejects(
    new k8s.Exec(config).exec(namespace, 'absent', 'shell', ['true'], new Text(), null, null, false),
    (e) => {
      assert.match(String(e.message ?? e.error?.message), /404/);
      return true;
    },
  );
});

test('attach', async () => {
  const out = new Text();
  const input = new PassThrough();
  const socket = await new k8s.Attach(config).attach(namespace, name, 'shell', out, null, input, false);
  input.write('to the main process\n');
  await until(
    () => `an echo, not ${out.text}`,
    () => out.text === 'to the main process\n',
  );
  socket.close();
});

test('port-forward', async () => {
  const forward = new k8s.PortForward(config);
  const server = net.createServer((socket) => forward.portForward(namespace, name, [8080], socket, null, socket));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const page = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers: { Connection: 'close' } });
    assert.equal(await page.text(), 'page\n');
  } finally {
    server.close();
  }
});

/** Only to the pod: this version cannot read what it asks pods for, archives that are compressed. */
test('copy', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'node-streams-'));
  try {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255));
    await writeFile(path.join(folder, 'letter'), content);
    const sum = createHash('sha256').update(content).digest('hex');
    await new k8s.Cp(config).cpToPod(namespace, name, 'shell', folder, '/tmp/post');
    await until(
      () => 'the whole file',
      async () => (await run(['sha256sum', '/tmp/post/letter'])).out.startsWith(sum),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('logs', async () => {
  const followed = new Text();
  const end = await new k8s.Log(config).log(namespace, name, 'shell', followed, { follow: true });
  await until(
    () => `a log, not ${followed.text}`,
    () => followed.text.startsWith('started\n'),
  );
  end.abort();
  const tail = await core.readNamespacedPodLog({ name, namespace, container: 'shell', limitBytes: 5 });
  assert.equal(tail, 'start');
});
