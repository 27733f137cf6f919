// Runs before the first paint: the cookie's choice, else the system's. The server reads the same cookie when it draws a page.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const cookie = () => document.cookie.match(/(?:^|; )theme=([^;]+)/)?.[1] ?? '';
  const chosen = () => (cookie().startsWith('system') ? '' : cookie());
  const name = () => chosen() || (system.matches ? 'dark' : 'light');
  const listeners = new Set();

  function apply() {
    document.documentElement.dataset.theme = name();
    document.cookie = `theme=${chosen() || `system-${name()}`}; path=/; max-age=31536000; samesite=lax`;
    document.dispatchEvent(new CustomEvent('themechange'));
    for (const listener of listeners) listener.invokeMethodAsync('ShowTheme', name() === 'dark').catch(() => listeners.delete(listener));
  }

  system.addEventListener('change', apply);
  apply();

  window.retrainTheme = {
    choose(theme) {
      document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
      apply();
    },
    // Tells a circuit of the theme now and whenever it changes.
    follow(listener) {
      listeners.add(listener);
      document.documentElement.dataset.circuit = 'open'; // from here on the page answers clicks
      return name() === 'dark';
    },
    unfollow: listener => listeners.delete(listener),
  };
})();
