// Keeps the page of the gate working without network. Questions to the server (POST) pass by.
const { version, assets } = {{ facts|safe }}
const CACHE = `lutong-gate-${version}`
const SHELL = assets[0]

self.addEventListener('install', (event) => {
  const fresh = assets.map((address) => new Request(address, { cache: 'reload', credentials: 'omit' }))
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('lutong-gate-') && name !== CACHE) await caches.delete(name)
    await self.clients.claim()
  })())
})
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return
  const wanted = event.request.mode === 'navigate' ? SHELL : event.request
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(wanted, { ignoreVary: true })).then((kept) => kept || fetch(event.request)))
})
