// A filter keeps the words that are in the search field, whether or not they have been searched yet.

function keepWords(event) {
  const link = event.target.closest("[data-keeps-words] a");
  const field = document.querySelector("#library_filters [name=q]");
  if (!link || !field) return;
  const address = new URL(link.href);
  if (field.value.trim()) address.searchParams.set("q", field.value);
  else address.searchParams.delete("q");
  link.href = address;
}

document.addEventListener("click", keepWords, true);
