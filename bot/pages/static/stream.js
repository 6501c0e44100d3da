// A stream of frames, read with fetch so that it can carry a header; it comes back by itself.

const LEAST = 500;
const MOST = 30_000;
const SILENCE = 45_000;

const pause = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });

/** Frames of one text/event-stream body as {event, data}; comments are heard as `beat`. */
async function* frames(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const frame = { event: "", data: "" };
      for (const line of part.split("\n")) {
        if (line.startsWith("event: ")) frame.event = line.slice(7);
        else if (line.startsWith("data: ")) frame.data += line.slice(6);
      }
      if (frame.event) yield { event: frame.event, data: JSON.parse(frame.data || "null") };
    }
  }
}

/**
 * Follow `url()`. `on(event, data)` gets every frame, `net(isUp)` every change of the connection.
 * Returns a function that ends it. A `gone` frame ends it, too.
 */
export function follow({ url, headers = () => ({}), on, net = () => {} }) {
  const ended = new AbortController();
  let tries = 0;
  let wake = () => {};

  async function once() {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    ended.signal.addEventListener("abort", stop, { once: true });
    let silence;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE);
    };
    try {
      heard();
      const response = await fetch(url(), {
        headers: { accept: "text/event-stream", ...headers() },
        cache: "no-store",
        signal: attempt.signal,
      });
      if (response.status === 401 || response.status === 403 || response.status === 404) {
        on("gone", { status: response.status });
        ended.abort();
        return;
      }
      if (!response.ok || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
        return;
      }
      net(true);
      for await (const { event, data } of frames(response.body, heard)) {
        tries = 0;
        on(event, data);
        if (event === "gone") ended.abort();
      }
    } catch {
      // Whatever broke it, the loop below tries again.
    } finally {
      clearTimeout(silence);
      ended.signal.removeEventListener("abort", stop);
    }
  }

  async function loop() {
    while (!ended.signal.aborted) {
      await once();
      if (ended.signal.aborted) return;
      if (tries > 0) net(false);
      const wait = LEAST + Math.random() * Math.min(MOST - LEAST, 1000 * 2 ** tries);
      tries = Math.min(tries + 1, 5);
      const woken = new AbortController();
      wake = () => woken.abort();
      await pause(wait, AbortSignal.any([woken.signal, ended.signal]));
    }
  }

  // A phone that was locked, or a network that is back, need not wait.
  const hurry = () => wake();
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  loop();
  return () => ended.abort();
}

/**
 * The same for all windows of this browser together: one of them holds the stream and tells the
 * others. Whichever is looked at takes it over, since a browser may put the others to sleep.
 */
export function followTogether({ name, alone, ...given }) {
  if (alone || !navigator.locks || !window.BroadcastChannel) return follow(given);
  const { on, net = () => {} } = given;
  const ended = new AbortController();
  const channel = new BroadcastChannel(name);
  let end = null;
  let asked = 0;

  const hear = ({ event, data, up }) => (event ? on(event, data) : net(up));
  const tell = (said) => {
    channel.postMessage(said);
    hear(said);
  };
  const hold = () =>
    new Promise((done) => {
      const stop = follow({
        ...given,
        on: (event, data) => tell({ event, data }),
        net: (up) => tell({ up }),
      });
      end = () => {
        end = null;
        stop();
        done();
      };
      if (ended.signal.aborted) end();
    });

  /** Wait for the turn, or take it; who loses it to another window waits again. */
  async function take(steal) {
    const mine = ++asked;
    const options = steal ? { steal } : { signal: ended.signal };
    try {
      await navigator.locks.request(name, options, () => mine === asked && hold());
    } catch (trouble) {
      if (mine !== asked) return;
      end?.();
      if (ended.signal.aborted) return;
      if (trouble.name === "AbortError") take(false);
      else end = follow(given);
    }
  }

  channel.addEventListener("message", ({ data }) => hear(data));
  const looked = () => document.visibilityState === "visible" && !end && take(true);
  document.addEventListener("visibilitychange", looked);
  take(document.visibilityState === "visible");
  return () => {
    document.removeEventListener("visibilitychange", looked);
    ended.abort();
    end?.();
    channel.close();
  };
}

/** A number of its own for something that is sent; also where the page has no secure origin. */
export function fresh() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
