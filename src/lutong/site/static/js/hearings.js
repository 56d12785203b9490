// Keys of the calendars, and proposals that fill the scheduling form. Everything works without it, by links and submits.
document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, dialog, [role="dialog"], .tblwrap')) return
  const link = document.querySelector(`[data-key="${CSS.escape(e.key)}"]`)
  if (link) { e.preventDefault(); link.click() }
})

const form = document.querySelector('form[data-picks]')
const named = (name) => form.elements.namedItem(name)
let filling = false
form?.addEventListener('change', (e) => {
  if (filling) return
  const picked = e.target.closest('input[name="pick"]')
  if (picked?.checked && picked.dataset.day) {
    named('day').value = picked.dataset.day
    named('starts').value = picked.dataset.starts
    if (picked.dataset.room) named('room').value = picked.dataset.room
    filling = true
    named('day').dispatchEvent(new Event('change', { bubbles: true }))
    filling = false
  } else if (['day', 'starts', 'room'].includes(e.target.name)) {
    const own = form.querySelector('input[name="pick"][value=""]')
    if (own) own.checked = true
  }
})
