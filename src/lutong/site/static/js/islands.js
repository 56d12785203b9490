// Small custom elements and page habits; each works on server-rendered markup and degrades without script.
export function toast(text, href) {
  const box = document.getElementById('toast')
  if (!box) return
  for (const same of [...box.children].filter((line) => line.dataset.text === text)) same.remove()
  const line = document.createElement('p')
  line.dataset.text = text
  line.textContent = text
  if (href) {
    const link = document.createElement('a')
    link.href = href
    link.textContent = '查看'
    line.append(' ', link)
  }
  box.append(line)
  setTimeout(() => line.remove(), 6000)
}

customElements.define('copy-text', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('button').addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(this.dataset.text); toast('已复制') } catch { toast('浏览器不允许复制，请手动选择') }
    })
  }
})

document.addEventListener('keydown', (e) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')
  if (e.key === '/' && !typing && !e.ctrlKey && !e.metaKey) {
    const box = document.getElementById('q')
    if (box) { e.preventDefault(); box.focus() }
  }
  if (e.key === 'Escape') document.querySelectorAll('details.menu[open]').forEach((d) => { d.open = false; d.querySelector('summary').focus() })
})

document.addEventListener('click', (e) => {
  const hit = (name) => e.target.closest(`[data-${name}]`)
  const opener = hit('dialog'); if (opener) document.getElementById(opener.dataset.dialog).showModal()
  if (hit('close')) hit('close').closest('dialog').close()
  if (hit('back')) history.back()
  if (hit('print')) window.print()
  const peek = hit('peek')
  if (peek) {
    const input = document.getElementById(peek.dataset.peek), show = input.type === 'password'
    input.type = show ? 'text' : 'password'; peek.setAttribute('aria-pressed', show)
  }
  if (e.target.closest('[aria-disabled="true"]')) e.preventDefault()
  document.querySelectorAll('details.menu[open]').forEach((d) => { if (!d.contains(e.target)) d.open = false })
})

document.addEventListener('htmx:after:swap', () => {
  document.querySelectorAll('.tabs a').forEach((a) => (a.pathname === location.pathname ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current')))
})

// Typed or picked before the scripts were there: on a slow line a page can be filled in first, and nothing of it may go unseen.
export function early(root) {
  const changed = (field) => {
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
    if (field.tagName !== 'SELECT') return !['hidden', 'file'].includes(field.type) && field.value !== field.defaultValue
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0]
    return Boolean(first) && field.value !== first.value
  }
  return [...(root.matches('input') ? [root] : root.querySelectorAll('input, select, textarea'))].filter(changed)
}
function heed() {
  const heeding = document.querySelectorAll('[hx-trigger*="change"], [hx-trigger*="input"], form[data-picks]')
  for (const field of new Set([...heeding].flatMap(early))) {
    for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }))
  }
}
document.addEventListener('DOMContentLoaded', () => setTimeout(heed)) // by then htmx, which waits for its own turn, listens

// A page that moves under a pressed button swallows the click: what an answer brings waits for the release, a second at most.
let pressed = null, release = null
addEventListener('pointerdown', () => { pressed ??= new Promise((done) => { release = done }) }, true)
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => setTimeout(() => { release?.(); pressed = null }), true)
export const handsOff = () => pressed && Promise.race([pressed, new Promise((done) => { setTimeout(done, 1000) })])
document.addEventListener('htmx:config:request', (e) => {
  e.detail.ctx.fetch = async (...what) => { const answer = await fetch(...what); await handsOff(); return answer }
})

// What waits behind each entry of the navigation comes after the page, so that no page waits for it.
async function count() {
  const marks = document.querySelectorAll('b[data-count]') // a text field's data-count names its counter
  if (!marks.length) return
  try {
    const answer = await fetch('/counts/', { headers: { Accept: 'application/json' } })
    if (!answer.ok) return
    const counts = await answer.json()
    marks.forEach((mark) => {
      const n = counts[mark.dataset.count] ?? 0
      mark.hidden = n === 0
      mark.textContent = n > 99 ? '99+' : n
      mark.insertAdjacentHTML('beforeend', '<span class="sr">条待处理</span>')
    })
  } catch { /* the navigation works without */ }
}
count()

// A form is sent once: a second click while the first is under way does nothing.
document.addEventListener('submit', (e) => {
  const form = e.target
  if (form.dataset.sending) { e.preventDefault(); return }
  if (form.method === 'post' && !e.defaultPrevented) {
    form.dataset.sending = '1'
    setTimeout(() => { delete form.dataset.sending }, 8000)
  }
})
addEventListener('pageshow', () => document.querySelectorAll('form[data-sending]').forEach((f) => { delete f.dataset.sending }))

// One event stream per browser, shared by its tabs through a lock and a channel.
const events = document.querySelector('meta[name="lutong-events"]')?.content
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('lutong') : null
function heard(message) {
  document.dispatchEvent(new CustomEvent('lutong', { detail: message }))
  if (message.kind === 'rights') { stillAllowed(); return }
  if (message.kind !== 'notice') return
  const dot = document.getElementById('unread')
  if (dot) { dot.hidden = false; dot.firstChild.nodeValue = String(Math.min(99, (parseInt(dot.firstChild.nodeValue, 10) || 0) + 1)) }
  toast('有新消息', '/notices/')
}
// Rights have changed: a page that may not stay open any more gives way to the reason; the others stay as they are.
async function stillAllowed() {
  try {
    const answer = await fetch('/events/renew', { headers: { Accept: 'application/json' } })
    if (answer.status === 401 || answer.status === 403) location.reload()
  } catch { /* the next request will tell */ }
}
if (channel) channel.onmessage = (e) => heard(e.data)
if (events && 'EventSource' in window) {
  // The browser reconnects by itself; only a refused ticket (old, or older than the person's rights) closes the stream
  // for good, and is then renewed: soon at first, then ever less often.
  let pause = 1000
  const later = () => { setTimeout(renew, pause); pause = Math.min(pause * 3, 60000) }
  const open = (url) => {
    const source = new EventSource(url)
    source.onmessage = (e) => {
      try { const message = JSON.parse(e.data); heard(message); channel?.postMessage(message) } catch { /* not ours */ }
    }
    source.onopen = () => { pause = 1000 }
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) later() }
  }
  const renew = async () => {
    try {
      const answer = await fetch('/events/renew')
      if (answer.ok) open((await answer.json()).url)
      else if (answer.status !== 401) later()
    } catch { later() }
  }
  const listen = () => new Promise(() => open(events))
  if (navigator.locks) navigator.locks.request('lutong-events', listen); else listen()
}
