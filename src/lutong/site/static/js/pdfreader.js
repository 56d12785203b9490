// <pdf-reader>: the view copy in pdf.js, to search and select text. The libraries load only on this page.
import { watermark } from './dossier.js'

class PdfReader extends HTMLElement {
  async connectedCallback() {
    if (this.frame) return
    this.frame = this.querySelector('.pdf__c')
    this.note = this.querySelector('.vw__note')
    this.box = this.querySelector('.vw__bar .vw__n')
    this.style.setProperty('--mark', watermark(this.dataset.mark))
    try { await this.open() } catch (error) {
      this.tell(error?.name === 'PasswordException' ? '文件有密码，不能在线阅看，请下载原件。' : '文件没有打开：链接可能已过期。请刷新本页，或改用逐页阅看。')
    }
  }

  async open() {
    const { lib, viewer, worker, cmaps, fonts, wasm, source } = this.dataset
    const pdfjs = await import(lib)
    globalThis.pdfjsLib = pdfjs // where the viewer components look for it
    pdfjs.GlobalWorkerOptions.workerSrc = worker
    const { EventBus, PDFFindController, PDFLinkService, PDFViewer } = await import(viewer)
    this.bus = new EventBus()
    const links = new PDFLinkService({ eventBus: this.bus })
    const finder = new PDFFindController({ eventBus: this.bus, linkService: links })
    this.view = new PDFViewer({ container: this.frame, eventBus: this.bus, linkService: links, findController: finder, annotationMode: pdfjs.AnnotationMode.ENABLE, maxCanvasPixels: 2 ** 24 })
    links.setViewer(this.view)
    this.listen()
    const task = pdfjs.getDocument({ url: source, cMapUrl: cmaps, cMapPacked: true, standardFontDataUrl: fonts, wasmUrl: wasm, isEvalSupported: false, enableXfa: false })
    task.onProgress = ({ loaded, total }) => { if (total && loaded < total) this.tell(`正在读取 ${Math.floor((100 * loaded) / total)}%`) }
    const paper = await task.promise
    this.view.setDocument(paper)
    links.setDocument(paper)
    this.tell('')
    const text = await Promise.all(Array.from({ length: Math.min(3, paper.numPages) }, async (_, i) => (await (await paper.getPage(i + 1)).getTextContent()).items.length))
    if (!text.some(Boolean)) this.tell('这是扫描件，没有文字层，不能搜索和选择文字；请用逐页阅看。')
  }

  listen() {
    this.bus.on('pagesinit', () => { this.view.currentScaleValue = 'page-width' })
    this.bus.on('scalechanging', ({ scale }) => { this.querySelector('.vw__z').value = `${Math.round(scale * 100)}%` })
    this.bus.on('pagechanging', ({ pageNumber }) => { this.box.value = pageNumber })
    this.bus.on('updatefindmatchescount', ({ matchesCount }) => this.found(matchesCount))
    this.bus.on('updatefindcontrolstate', ({ state, matchesCount }) => { if (state === 1) this.hits('没有找到'); else this.found(matchesCount) })
    this.addEventListener('click', (e) => this.act(e.target.closest('[data-act]')?.dataset.act))
    this.box.addEventListener('change', () => { this.view.currentPageNumber = Math.min(Math.max(parseInt(this.box.value, 10) || 1, 1), this.view.pagesCount) })
    this.querySelector('.pdf__find').addEventListener('submit', (e) => { e.preventDefault(); this.find(false) })
    this.querySelector('#pdf-q').addEventListener('input', () => this.hits(''))
    new ResizeObserver(() => { if (this.view.currentScaleValue === 'page-width') this.view.currentScaleValue = 'page-width' }).observe(this.frame)
  }

  act(act) {
    if (act === 'prev') this.view.previousPage()
    else if (act === 'next') this.view.nextPage()
    else if (act === 'in') this.view.currentScale = Math.min(this.view.currentScale * 1.2, 3)
    else if (act === 'out') this.view.currentScale = Math.max(this.view.currentScale / 1.2, 0.5)
    else if (act === 'fit') this.view.currentScaleValue = 'page-width'
    else if (act === 'turn') this.view.pagesRotation = (this.view.pagesRotation + 90) % 360
    else if (act === 'back') this.find(true)
  }

  find(back) {
    const query = this.querySelector('#pdf-q').value.trim()
    if (!query) return
    const again = query === this.asked
    this.asked = query
    this.bus.dispatch('find', { source: this, type: again ? 'again' : '', query, caseSensitive: false, entireWord: false, highlightAll: true, findPrevious: back, matchDiacritics: false })
  }

  found({ current, total } = {}) { if (total) this.hits(`${current} / ${total}`) }

  hits(text) { this.querySelector('.pdf__hits').value = text }

  tell(text) { this.note.textContent = text; this.note.hidden = !text }
}
customElements.define('pdf-reader', PdfReader)
