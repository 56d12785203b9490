// The record form shows the fields of the chosen mode only; without script all of them show.
const mode = document.getElementById('f-mode')
if (mode) {
  const show = () => document.querySelectorAll('fieldset[data-mode]').forEach((f) => { f.hidden = f.dataset.mode !== mode.value; f.disabled = f.hidden })
  mode.addEventListener('change', show)
  show()
}
