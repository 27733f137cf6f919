// When Web comes back with a new process the old circuit is gone for good: load the page again, by itself.
document.addEventListener('components-reconnect-state-changed', event => {
  if (event.detail.state === 'rejected') location.reload();
  if (event.detail.state === 'failed') reloadWhenAlive();
});

async function reloadWhenAlive() {
  for (;;) {
    try {
      if ((await fetch('/alive', { cache: 'no-store' })).ok) return location.reload();
    } catch {
      // still away
    }
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}
