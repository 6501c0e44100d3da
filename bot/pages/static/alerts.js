// A sound and a notification for what cannot wait, once somebody has asked for them.
import { remember, remembered } from "/static/keys.js";

const ON = "muster-alerts";
const LAST = "muster-rang";
const CALLED = "muster-called";
const APART = 3_000;
const tools = document.querySelector("[data-tools]");
const button = tools?.querySelector("[data-alerts]");
const rings = tools ? JSON.parse(tools.dataset.rings) : {};
let isOn = remembered(ON) === "on";
let sound;

function show() {
  button.setAttribute("aria-pressed", String(isOn));
  button.querySelector("[data-on]").hidden = !isOn;
  button.querySelector("[data-off]").hidden = isOn;
}

/** Two short tones, made here: no file to fetch. */
function chime() {
  sound ??= new AudioContext();
  sound.resume();
  for (const [index, pitch] of [660, 880].entries()) {
    const at = sound.currentTime + index * 0.18;
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(0.001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
}

const isAllowed = () => "Notification" in window && Notification.permission === "granted";

function notify(text) {
  const shown = new Notification(text, { tag: "muster", renotify: true, icon: "/static/icon.svg" });
  shown.addEventListener("click", () => {
    window.focus();
    shown.close();
  });
}

/** Several open pages ring once; what may be a matter of life waits for no other ring. */
function isFirst(why) {
  const last = why === "distress" ? `${LAST}-distress` : LAST;
  const now = Date.now();
  if (now - Number(remembered(last) ?? 0) < APART) return false;
  remember(last, String(now));
  return true;
}

/** Something calls; what is not worth a sound has no words. */
export function rang(why) {
  if (!isOn || !rings[why] || !isFirst(why)) return;
  chime();
  if (isAllowed()) notify(rings[why]);
}

/** Somebody is called by name: once for each call; one that stands sounds whatever was chosen. */
export function called(number, text, stands) {
  if (number <= Number(remembered(CALLED) ?? 0)) return;
  remember(CALLED, String(number));
  if (isOn ? !isFirst("call") : !stands) return;
  chime();
  if (isAllowed()) notify(text);
}

async function press(event) {
  isOn = !isOn;
  remember(ON, isOn ? "on" : null);
  show();
  if (!isOn) return;
  chime();
  if ("Notification" in window && Notification.permission === "default") {
    await Notification.requestPermission();
  }
  const said = isAllowed() ? tools.dataset.works : tools.dataset.silent;
  event.target.dispatchEvent(new CustomEvent("said", { bubbles: true, detail: said }));
}

if (button) {
  show();
  button.addEventListener("click", press);
  addEventListener("storage", (event) => {
    if (event.key !== ON) return;
    isOn = event.newValue === "on";
    show();
  });
}
