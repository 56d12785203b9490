// Keeps the verifying page usable without a network: the newest copy when there is one, the kept one otherwise.
const SHELF = {{ shelf_json|safe }}
const NAME = 'lawyer-card-{{ digest }}'

addEventListener('install', (event) => event.waitUntil(caches.open(NAME).then((shelf) => shelf.addAll(SHELF)).then(() => skipWaiting())))
addEventListener('activate', (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter((name) => name.startsWith('lawyer-card-') && name !== NAME).map((name) => caches.delete(name))))
  .then(() => clients.claim())))
addEventListener('fetch', (event) => {
  const { request } = event
  const path = new URL(request.url).pathname
  if (request.method !== 'GET' || !SHELF.includes(path)) return
  event.respondWith(fetch(request).then((answer) => {
    if (answer.ok) { const copy = answer.clone(); caches.open(NAME).then((shelf) => shelf.put(path, copy)) }
    return answer
  }).catch(() => caches.match(path)))
})
