import { html, useEffect, useRef, useState } from "./page.js";

/**
 * Asks before something is ordered: says what happens, and wants a reason. send(fields) is the order; done(answer) when it
 * was taken, refused() when the key may not order. children(errors): further fields, with what the server has against each.
 */
export function OrderDialog({ page, title, verb, danger, says, send, done, refused, close, children }) {
  const [errors, setErrors] = useState({});
  const [isSending, setSending] = useState(false);
  const box = useRef(null);
  useEffect(() => box.current.showModal(), []);

  async function submit(e) {
    e.preventDefault();
    setSending(true);
    setErrors({});
    try {
      const fields = [...new FormData(e.target)].map(([name, value]) => [name, value.trim()]);
      const answer = await send(Object.fromEntries(fields.filter(([, value]) => value !== "")));
      box.current.close();
      done(answer);
    } catch (problem) {
      setSending(false);
      if (problem.status === 401) {
        box.current.close();
        page.fail(problem);
        return;
      }
      if (problem.status === 403) refused?.();
      setErrors(told(problem));
    }
  }

  return html`<dialog class="card order" ref=${box} onClose=${close} aria-labelledby="order-title">
    <form onSubmit=${submit}>
      <h1 id="order-title">${title}</h1>
      ${says.map(line => html`<p class="small" key=${line}>${line}</p>`)} ${children?.(errors)}
      ${
        verb &&
        html`<${Field} name="reason" label="Why" errors=${errors}>
          <textarea name="reason" rows="2" maxlength="500" required placeholder="For whoever asks later"></textarea>
        <//>`
      }
      <p class="error" role="alert">${errors.$}</p>
      <div class="buttons">
        <button type="button" class="quiet" onClick=${() => box.current.close()}>${verb ? "Cancel" : "Close"}</button>
        ${verb && html`<button class=${danger ? "danger" : "primary"} disabled=${isSending}>${verb}</button>`}
      </div>
    </form>
  </dialog>`;
}

/** A labelled control, and beneath it what the server has against its value. */
export const Field = ({ name, label, errors, children }) =>
  html`<label><span>${label}</span>${children}<span class="error" role="alert">${errors[name]}</span></label>`;

/** By field; what has none is under "$". */
function told({ errors, detail, title, message }) {
  if (!errors?.length) return { $: [title, detail].filter(Boolean).join(": ") || message };
  return Object.fromEntries(errors.map(e => [e.field, e.message]));
}
