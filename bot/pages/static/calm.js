// Nothing moves away under a finger: what changes while somebody presses waits for the release.

/** The longest that anything waits; whoever holds longer is not pressing a button. */
const MOST = 1_000;
const waiting = new Set();
let pressing;

function go() {
  const all = [...waiting];
  waiting.clear();
  for (const change of all) change();
}

function release() {
  clearTimeout(pressing);
  pressing = undefined;
  // The click that a release makes comes first.
  if (waiting.size) setTimeout(go);
}

addEventListener(
  "pointerdown",
  ({ isPrimary, button }) => {
    if (!isPrimary || button) return;
    clearTimeout(pressing);
    pressing = setTimeout(release, MOST);
  },
  true,
);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release, true);

/** Make the change now, or when nobody presses any more; in order, and the same one once. */
export function calmly(change) {
  if (pressing === undefined && !waiting.size) return change();
  waiting.delete(change);
  waiting.add(change);
}
