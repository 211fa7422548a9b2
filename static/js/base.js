// Written by python -m tools.bundle_scripts from the files named below: change them there.
"use strict";
const scripts = {};
// vendor/basecoat/basecoat.min.js
(() => { (()=>{const e={};let t=null;const o=(t,o)=>{const r=e[o];if(r)try{r.init(t),t.hasAttribute(`data-${o}-initialized`)&&(t.dataset.basecoatComponent=o)}catch(e){if(console.error(`Failed to initialize ${o}:`,e),"function"==typeof t._destroy)try{t._destroy()}catch(e){console.error(`Failed to clean up ${o} after initialization error:`,e)}delete t._destroy,t.removeAttribute(`data-${o}-initialized`),delete t.dataset.basecoatComponent}},r=e=>{if(!e||e.nodeType!==Node.ELEMENT_NODE)return;const t=e.dataset?.basecoatComponent;if("function"==typeof e._destroy)try{e._destroy()}catch(e){console.error("Failed to destroy Basecoat component:",e)}delete e._destroy,t&&e.removeAttribute(`data-${t}-initialized`),delete e.dataset.basecoatComponent},n=e=>{e.nodeType===Node.ELEMENT_NODE&&(e.isConnected||(e.dataset?.basecoatComponent&&r(e),e.querySelectorAll("[data-basecoat-component]").forEach(r)))},a=(e,t,o=!1)=>{const r=Array.from(document.querySelectorAll(t));return o&&r.push(...document.querySelectorAll(`[data-basecoat-component="${e}"]`)),(e=>Array.from(new Set(e)))(r)},c=(t={})=>{const n=!0===t.force;Object.entries(e).forEach(([e,{selector:t}])=>{a(e,t,n).forEach(a=>{const c=a.dataset?.basecoatComponent===e;n&&r(a),(c||a.matches(t))&&o(a,e)})})},s=t=>{t.nodeType===Node.ELEMENT_NODE&&Object.entries(e).forEach(([e,{selector:r}])=>{t.matches(r)&&o(t,e),t.querySelectorAll(r).forEach(t=>o(t,e))})},d=()=>{t||(t=new MutationObserver(e=>{e.forEach(e=>{e.addedNodes.forEach(s),e.removedNodes.forEach(n)})}),t.observe(document.body,{childList:!0,subtree:!0}))},i=e=>{const t="dark"===e;document.documentElement.classList.toggle("dark",t);try{localStorage.setItem("themeMode",t?"dark":"light")}catch(e){}document.dispatchEvent(new CustomEvent("basecoat:themechange",{detail:{mode:t?"dark":"light"}}))},l=()=>document.documentElement.classList.contains("dark")?"dark":"light";window.basecoat={register:(t,o,r)=>{const n="object"==typeof o?o:{selector:o,init:r};e[t]={selector:n.selector,init:n.init,refresh:n.refresh}},init:(t,n={})=>{const c=e[t];if(!c)return void console.warn(`Component '${t}' not found in registry`);const s=!0===n.force;a(t,c.selector,s).forEach(e=>{const n=e.dataset?.basecoatComponent===t;s&&r(e),(n||e.matches(c.selector))&&o(e,t)})},initAll:(e={})=>{c(e)},refresh:t=>{if(!t)return;if("function"==typeof t.refresh)return void t.refresh();const o=t.dataset?.basecoatComponent,r=o?e[o]:null;r?.refresh&&r.refresh(t)},start:d,stop:()=>{t&&(t.disconnect(),t=null)},theme:{get:l,set:i,toggle:()=>i("dark"===l()?"light":"dark")}},document.addEventListener("DOMContentLoaded",()=>{c(),d()})})(); })();

// vendor/basecoat/toast.min.js
(() => { (()=>{let t;const e=new WeakMap;let o=!1;const n={success:'<svg aria-hidden="true" xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10"/><path d="m9 12 2 2 4-4"/></svg>',error:'<svg aria-hidden="true" xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10"/><path d="m15 9-6 6"/><path d="m9 9 6 6"/></svg>',info:'<svg aria-hidden="true" xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/></svg>',warning:'<svg aria-hidden="true" xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/></svg>'};function i(t){if(t.dataset.toastInitialized)return;const n=parseInt(t.dataset.duration),i=-1!==n?n||("error"===t.dataset.category?5e3:3e3):-1,a={remainingTime:i,timeoutId:null,startTime:null};-1!==i&&(o?a.timeoutId=null:(a.startTime=Date.now(),a.timeoutId=setTimeout(()=>s(t),i))),e.set(t,a),t.close=()=>s(t),t._destroy=()=>{clearTimeout(a.timeoutId),e.delete(t),delete t.close},t.dataset.toastInitialized="true"}function a(){!o&&t&&(o=!0,t.querySelectorAll('.toast:not([aria-hidden="true"])').forEach(t=>{if(!e.has(t))return;const o=e.get(t);o.timeoutId&&(clearTimeout(o.timeoutId),o.timeoutId=null,o.remainingTime-=Date.now()-o.startTime)}))}function r(){o&&t&&(o=!1,t.querySelectorAll('.toast:not([aria-hidden="true"])').forEach(t=>{if(!e.has(t))return;const o=e.get(t);-1===o.remainingTime||o.timeoutId||(o.remainingTime>0?(o.startTime=Date.now(),o.timeoutId=setTimeout(()=>s(t),o.remainingTime)):s(t))}))}function s(t){if(!t||!e.has(t))return;const o=e.get(t);clearTimeout(o.timeoutId),e.delete(t),t.contains(document.activeElement)&&document.activeElement.blur(),t.setAttribute("aria-hidden","true"),t.addEventListener("transitionend",()=>t.remove(),{once:!0})}window.basecoat&&(window.basecoat.register("toaster","#toaster:not([data-toaster-initialized])",function(e){if(e.dataset.toasterInitialized)return;t=e;const o=t=>{const e=t.target.closest(".toast footer a"),o=t.target.closest(".toast footer button");(e||o)&&s(t.target.closest(".toast"))};t.addEventListener("mouseenter",a),t.addEventListener("mouseleave",r),t.addEventListener("click",o),e.toast=(t={})=>{const o=function(t){const{category:e="info",title:o,description:i,action:a,cancel:r,duration:s,icon:l}=t,d=l||e&&n[e]||"",c=o?`<h2>${o}</h2>`:"",u=i?`<p>${i}</p>`:"",h=a?.href?`<a href="${a.href}" class="btn" data-toast-action>${a.label}</a>`:a?.onclick?`<button type="button" class="btn" data-toast-action onclick="${a.onclick}">${a.label}</button>`:"",m=r?`<button type="button" class="btn h-6 text-xs px-2.5 rounded-sm" data-variant="outline" data-toast-cancel onclick="${r?.onclick||""}">${r.label}</button>`:"",v=`\n      <div\n        class="toast"\n        role="${"error"===e?"alert":"status"}"\n        aria-atomic="true"\n        ${e?`data-category="${e}"`:""}\n        ${void 0!==s?`data-duration="${s}"`:""}\n      >\n        <div class="toast-content">\n          ${d}\n          <section>\n            ${c}\n            ${u}\n          </section>\n          ${h||m?`<footer>${h}${m}</footer>`:""}\n        </div>\n      </div>\n    `,w=document.createElement("template");return w.innerHTML=v.trim(),w.content.firstChild}(t);return e.appendChild(o),i(o),o},e.closeAll=()=>{e.querySelectorAll('.toast:not([aria-hidden="true"])').forEach(s)},t.querySelectorAll(".toast:not([data-toast-initialized])").forEach(i),t._destroy=()=>{t.removeEventListener("mouseenter",a),t.removeEventListener("mouseleave",r),t.removeEventListener("click",o),t.querySelectorAll(".toast[data-toast-initialized]").forEach(t=>t._destroy?.()),delete t.toast,delete t.closeAll,t===e&&(t=null)},t.dataset.toasterInitialized="true",t.dispatchEvent(new CustomEvent("basecoat:initialized"))}),window.basecoat.register("toast",".toast:not([data-toast-initialized])",i))})(); })();

// js/shell.js
(() => {
const TOAST_MS = 6000;
const UNDO_MS = 10000;
const SEND_AGAIN_MS = 8000;
function toastGoodNews() {
  for (const message of document.querySelectorAll("#messages > :is([data-level=success], [data-level=info])")) {
    const content = document.createElement("div");
    content.className = "toast-content";
    content.append(...message.childNodes);
    showToast(content, message.dataset.level);
    message.remove();
  }
}

function showToast(content, level) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", level === "error" ? "alert" : "status");
  toast.dataset.level = level;
  toast.dataset.duration = content.querySelector("form") ? UNDO_MS : TOAST_MS;
  toast.append(content);
  document.getElementById("toaster")?.append(toast);
}
function openDialog(event) {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
}

function closeDialogFromOutside(event) {
  if (event.target.matches?.("dialog[open]")) event.target.close();
}
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, SEND_AGAIN_MS);
}

function forgetSent() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}
async function copy(event) {
  const button = event.target.closest("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  say(document.getElementById("toaster").dataset.copied, "success");
}

function say(text, level) {
  const content = document.createElement("div");
  const section = document.createElement("section");
  content.className = "toast-content";
  section.textContent = text;
  content.append(section);
  showToast(content, level);
}
function sayFailure(event) {
  if (event.detail.requestConfig?.verb === "get") return;
  say(document.getElementById("toaster").dataset.failed, "error");
}

document.addEventListener("click", openDialog);
document.addEventListener("click", closeDialogFromOutside);
document.addEventListener("click", copy);
document.addEventListener("submit", sendOnce);
addEventListener("pageshow", forgetSent);
document.addEventListener("DOMContentLoaded", toastGoodNews);
document.addEventListener("htmx:oobAfterSwap", toastGoodNews);
document.addEventListener("htmx:responseError", sayFailure);
document.addEventListener("htmx:sendError", sayFailure);
})();
