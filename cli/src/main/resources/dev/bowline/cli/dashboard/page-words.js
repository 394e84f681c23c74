/** The texts that this page is in, by the languages of the browser; and the page filled with them. */
import { languageFor, WORDS } from './words.js';

export const words = WORDS[languageFor(navigator.languages)];

document.documentElement.lang = words.locale;
document.title = words.title;
for (const element of document.querySelectorAll('[data-t], [data-t-placeholder], [data-t-label]')) {
  const { t, tPlaceholder, tLabel } = element.dataset;
  if (t) element.textContent = words[t];
  if (tPlaceholder) element.placeholder = words[tPlaceholder];
  if (tLabel) element.setAttribute('aria-label', words[tLabel]);
}
