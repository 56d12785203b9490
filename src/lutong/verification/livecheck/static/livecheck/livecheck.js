// Records the person reading a phrase aloud. Without camera, microphone or script the upload below it does the same.
const LONGEST = 12
const KINDS = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4']

customElements.define('live-recorder', class extends HTMLElement {
  connectedCallback() {
    if (!navigator.mediaDevices || !window.MediaRecorder) return this.fallBack('这个浏览器不能录制视频，请用下面的方法拍摄后上传。')
    this.part('live').hidden = false
    this.part('begin').addEventListener('click', () => this.begin())
    this.part('stop').addEventListener('click', () => this.stop())
    this.part('send').addEventListener('click', () => this.send())
    this.part('again').addEventListener('click', () => this.begin())
    window.addEventListener('pagehide', () => this.release())
  }

  part(name) { return this.querySelector(`[data-${name}]`) }
  say(text) { this.part('say').textContent = text }
  show(...names) { for (const name of ['begin', 'stop', 'send', 'again']) this.part(name).hidden = !names.includes(name) }
  get token() { return this.querySelector('[name=csrfmiddlewaretoken]').value }

  fallBack(text) {
    this.release()
    this.say(text)
    this.querySelector('.lc-file').open = true
  }

  async begin() {
    this.show()
    this.say('正在打开摄像头，请在浏览器的询问中选择“允许”。')
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 480 } }, audio: true })
    } catch {
      this.show('begin')
      return this.fallBack('没有得到摄像头或者麦克风。请在浏览器设置中允许后再试，或者用下面的方法拍摄后上传。')
    }
    const asked = await this.ask()
    if (!asked) return
    const view = this.part('view')
    view.srcObject = this.stream
    view.muted = true
    view.controls = false
    view.hidden = false
    await view.play()
    this.part('words').textContent = asked.phrase
    this.part('words').hidden = false
    this.until = Date.now() + asked.seconds * 1000
    this.record()
  }

  async ask() {
    try {
      const answer = await fetch(this.dataset.phrase, { method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': this.token } })
      const told = await answer.json()
      if (answer.ok) return told
      this.fallBack(told.detail ?? told.title ?? '没有取到挑战语，请刷新页面后重试。')
    } catch { this.fallBack('网络不通，没有取到挑战语。请恢复网络后重试。') }
    this.show('begin')
    return null
  }

  record() {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind))
    const pieces = []
    this.recorder = new MediaRecorder(this.stream, { mimeType, videoBitsPerSecond: 900_000, audioBitsPerSecond: 48_000 })
    this.recorder.addEventListener('dataavailable', (event) => pieces.push(event.data))
    this.recorder.addEventListener('stop', () => this.recorded(new Blob(pieces, { type: this.recorder.mimeType.split(';')[0] })))
    this.recorder.start()
    this.show('stop')
    this.part('stop').focus()
    this.say('正在录制，请看着镜头，大声朗读上面的话。')
    const started = Date.now()
    this.clock = setInterval(() => {
      const left = LONGEST - Math.floor((Date.now() - started) / 1000)
      this.part('count').textContent = `录制 ${left} 秒`
      if (left <= 0) this.stop()
    }, 200)
  }

  stop() {
    clearInterval(this.clock)
    if (this.recorder && this.recorder.state === 'recording') this.recorder.stop()
  }

  recorded(film) {
    this.release()
    this.film = film
    const view = this.part('view')
    view.srcObject = null
    view.src = URL.createObjectURL(film)
    view.muted = false
    view.controls = true
    this.show('send', 'again')
    this.part('send').focus()
    this.say('请看一遍，面部清楚、声音完整就提交。')
    this.clock = setInterval(() => {
      const left = Math.ceil((this.until - Date.now()) / 1000)
      this.part('count').textContent = left > 0 ? `请在 ${left} 秒内提交` : ''
      if (left > 0) return
      clearInterval(this.clock)
      this.show('again')
      this.say('超过 60 秒，这段视频不能再提交。请重新录制。')
    }, 500)
  }

  async send() {
    clearInterval(this.clock)
    this.part('count').textContent = ''
    this.show()
    this.say('正在提交，请不要关闭页面。')
    const form = new FormData()
    form.append('film', this.film, 'film')
    try {
      const answer = await fetch(this.dataset.film, { method: 'POST', body: form, headers: { 'X-CSRFToken': this.token } })
      if (answer.ok) return location.assign(this.dataset.done)
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      this.say(page.querySelector('#refusal, .notice, .errpage p')?.textContent.trim() ?? '没有提交成功，请重新录制。')
      this.show('again')
    } catch {
      this.say('网络不通，视频还在本机，请恢复网络后再提交。')
      this.show('send', 'again')
    }
  }

  release() {
    clearInterval(this.clock)
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
  }
})

// The result appears by itself; a page in the background does not ask.
customElements.define('live-wait', class extends HTMLElement {
  connectedCallback() {
    setInterval(() => { if (!document.hidden && navigator.onLine) location.reload() }, Number(this.dataset.seconds) * 1000)
  }
})
