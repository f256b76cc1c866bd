import { Component, h, render } from "./vendor/preact.module.js";
import { useEffect, useRef, useState } from "./vendor/hooks.module.js";
import htm from "./vendor/htm.module.js";
import { failure, loading, show, time } from "./dom.js";

// What pages of components have in common. A page is a function that mounts one:
//   export const clusterPage = page => mount(page, Cluster);
//   function Cluster({ page }) {
//     const polled = usePolled(page, signal => api.cluster({ signal }));
//     return html`<${Loaded} polled=${polled} what="the cluster">${cluster => html`<h1>…</h1>`}<//>`;
//   }
// Its `page` is what the router gives each: the main element, a signal that aborts when the route changes, and fail(error).

/** Markup as a template, which the pages' policy allows: html`<p class="x" onClick=${f}>${text}</p>`; text stays text. */
export const html = htm.bind(h);
export { useEffect, useRef, useState };

/** Shows the component in the page until the route changes; then its effects end. */
export function mount(page, component, props = {}) {
  const place = document.createElement("div");
  show(page.main, place);
  render(html`<${Guard} page=${page}><${component} page=${page} ...${props} /><//>`, place);
  page.signal.addEventListener("abort", () => render(null, place));
}

/** A fault of a component is told as any page tells a fault. */
class Guard extends Component {
  componentDidCatch(error) {
    this.setState({ failed: true });
    this.props.page.fail(error);
  }
  render() {
    return this.state.failed ? null : this.props.children;
  }
}

const patience = 20_000;

/**
 * What load(signal) answers: at once, then each `every` ms while the tab is in sight, and when it comes back to sight.
 * data and its time `at` stay when a later answer fails: `error` says so until one comes. One question at a time, and none
 * for longer than `patience` ms. set(data) is for what an order answers with: a question that was under way is not listened
 * to. A refused key leaves the page.
 */
export function usePolled(page, load, every = 5_000) {
  const [state, setState] = useState({ data: null, at: null, error: null });
  const [turn, isAsking] = [useRef(0), useRef(false)];
  const set = data => {
    turn.current++;
    setState({ data, at: new Date(), error: null });
  };
  async function ask() {
    if (isAsking.current) return;
    isAsking.current = true;
    const own = ++turn.current;
    try {
      const data = await load(AbortSignal.any([page.signal, AbortSignal.timeout(patience)]));
      if (own === turn.current && !page.signal.aborted) set(data);
    } catch (error) {
      if (own !== turn.current || page.signal.aborted) return;
      if (error.status === 401) page.fail(error);
      else setState(before => ({ ...before, error }));
    } finally {
      isAsking.current = false;
    }
  }
  useEffect(() => {
    const tick = () => !document.hidden && ask();
    tick();
    const timer = setInterval(tick, every);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return { ...state, set, again: ask };
}

/** How old the figures are: "As of 10:42:07", or when an answer came last and why none does now. */
export function AsOf({ polled: { at, error } }) {
  if (at === null) return null;
  return html`<p class=${`as-of ${error ? "tone-off" : "tone-good"}`}>
    ${error ? "Last at " : "As of "}<${Dom} make=${() => time(at.toISOString())} of=${+at} />
    ${error && html`<span role="status">: ${error.title ?? String(error)}</span>`}
  </p>`;
}

/** Its child is a function of the data; until there is some, that it is being loaded, or why it cannot be. */
export function Loaded({ polled, what, children }) {
  if (polled.data !== null) return children(polled.data);
  const { error } = polled;
  return html`<${Dom} make=${() => (error ? failure(error, polled.again) : loading(`Loading ${what}`))} of=${error} />`;
}

/** An element of dom.js, made anew when `of` is another. */
export function Dom({ make, of }) {
  const place = useRef(null);
  useEffect(() => show(place.current, make()), [of]);
  return html`<span class="dom" ref=${place}></span>`;
}

/** A time as all pages show it. */
export const Time = ({ at }) => html`<${Dom} make=${() => time(at)} of=${at} />`;
