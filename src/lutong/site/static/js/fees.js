// The payment code, drawn here: the address never goes to a picture service.
import { encode } from '../vendor/uqr.mjs'

const SVG = 'http://www.w3.org/2000/svg'

customElements.define('pay-code', class extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return
    const { data, size } = encode(this.dataset.text, { ecc: 'M', border: 2 })
    const picture = document.createElementNS(SVG, 'svg')
    picture.setAttribute('viewBox', `0 0 ${size} ${size}`)
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''))
    path.setAttribute('fill', 'currentColor')
    picture.append(path)
    this.append(picture)
  }
})
