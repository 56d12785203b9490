// A QR symbol, drawn in this browser: what it says goes to no picture service.
import { encode } from '../vendor/uqr.mjs'

const SVG = 'http://www.w3.org/2000/svg'

export function draw(text, place) {
  const { data, size } = encode(text, { ecc: 'M', border: 3 })
  const picture = document.createElementNS(SVG, 'svg')
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`)
  picture.setAttribute('shape-rendering', 'crispEdges')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''))
  path.setAttribute('fill', 'currentColor')
  picture.append(path)
  place.replaceChildren(picture)
}

customElements.define('qr-code', class extends HTMLElement {
  connectedCallback() { draw(this.dataset.text, this) }
})
