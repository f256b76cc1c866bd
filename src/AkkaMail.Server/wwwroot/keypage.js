import { el, show } from "./dom.js";

/** Asks for the key; signIn(value) throws when it does not fit. */
export function keyPage(main, signIn) {
  const error = el("p", { class: "error", id: "key-error", role: "alert" });
  const input = el("input", {
    id: "key",
    type: "password",
    autocomplete: "current-password",
    required: true,
    spellcheck: "false",
    "aria-describedby": "key-error",
  });
  const button = el("button", { class: "primary" }, "Sign in");
  const form = el(
    "form",
    { class: "card key" },
    el("h1", {}, "Sign in"),
    el(
      "p",
      {},
      "Paste a key: a tenant's with the scope read, one with observe, or the admin key. The server printed that one at its first start, or took it from ",
      el("code", {}, "AkkaMail__AdminKey"),
      ".",
    ),
    el("label", { for: "key" }, "Key"),
    input,
    error,
    button,
    el("p", { class: "small" }, "It stays in this tab and goes to this server only."),
  );
  form.addEventListener("submit", async e => {
    e.preventDefault();
    button.disabled = true;
    error.textContent = "";
    try {
      await signIn(input.value.trim());
    } catch (problem) {
      error.textContent =
        problem.status === 401 ? "The server does not know this key." : `${problem.title}. ${problem.detail ?? ""}`;
      input.select();
    } finally {
      button.disabled = false;
    }
  });
  show(main, form);
  input.focus();
}
