// The button of the chat for any site. Styles are made as objects, which strict policies allow.
(() => {
  const words = "%WORDS%";
  const home = new URL(document.currentScript.src).origin;
  const make = (name, given) => Object.assign(document.createElement(name), given);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{all:initial;position:fixed;inset:auto 1rem 1rem auto;z-index:2147483647}
iframe{display:block;width:min(26rem,calc(100vw - 2rem));height:min(42rem,calc(100vh - 6rem));margin-bottom:.5rem;border:1px solid #8a94a3;border-radius:.75rem;background:canvas}
button{display:block;margin-left:auto;min-height:3rem;padding:0 1.25rem;border:2px solid #fff;border-radius:1.5rem;background:#1a5ab8;color:#fff;font:600 1rem system-ui,sans-serif;cursor:pointer}
button:focus-visible{outline:3px solid #1a5ab8;outline-offset:2px}[hidden]{display:none}`);

  const begin = () => {
    const host = make("div", { lang: words.lang });
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const button = make("button", { type: "button", onclick: () => show(frame.hidden) });
    const frame = make("iframe", { hidden: true, title: words.open, id: "chat" });
    frame.allow = "geolocation; clipboard-write";
    button.setAttribute("aria-controls", "chat");

    function show(open) {
      frame.src ||= `${home}/chat?embed=1${words.asked}`;
      frame.hidden = !open;
      button.textContent = open ? words.close : words.open;
      button.ariaExpanded = open;
      (open ? frame : button).focus();
    }

    button.textContent = words.open;
    button.ariaExpanded = false;
    host.addEventListener("keydown", ({ key }) => key === "Escape" && show(false));
    addEventListener("message", ({ source, origin, data }) => {
      if (source === frame.contentWindow && origin === home && data === "muster:close") show(false);
    });
    root.append(frame, button);
    document.body.append(host);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
