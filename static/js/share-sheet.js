// <button data-share="address" hidden>: hands the address to the device's own share sheet, where the browser has one.

function offer(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.share({ url: button.dataset.share });
    } catch {
      // The person closed the sheet.
    }
  });
}

if (navigator.share) document.querySelectorAll("[data-share]").forEach(offer);
