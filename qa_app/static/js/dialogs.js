// Dialogs: [data-open-dialog="id"] opens one, [data-close] inside closes it. The browser keeps the
// focus inside and gives it back.

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
    event.target.closest("[data-close]")?.closest("dialog")?.close();
  });
}
