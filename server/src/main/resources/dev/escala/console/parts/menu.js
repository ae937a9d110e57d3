import { t } from '../text/text.js';

/**
 * Opens a menu beside a control; the arrow keys move in it, Escape and a click elsewhere close it.
 *
 * @param {Element} anchor
 * @param {{label: string, act: () => void}[]} choices
 * @param {string} [title] what the menu is about
 */
export function openMenu(anchor, choices, title) {
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.popover = 'auto';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', title || t('menu.label'));
  if (title) {
    const head = document.createElement('div');
    head.className = 'title';
    head.setAttribute('role', 'presentation');
    head.textContent = title;
    menu.append(head);
  }
  menu.append(...choices.map(choice => item(menu, choice)));
  document.body.append(menu);
  menu.addEventListener('keydown', moved);
  menu.addEventListener('toggle', event => {
    if (event.newState === 'closed') {
      menu.remove();
    }
  });
  menu.showPopover();
  putBeside(menu, anchor.getBoundingClientRect());
  menu.querySelector('button')?.focus();
}

function item(menu, { label, act }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('role', 'menuitem');
  button.textContent = label;
  button.addEventListener('click', () => {
    menu.hidePopover();
    act();
  });
  return button;
}

function moved(event) {
  const items = [...event.currentTarget.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length).focus();
  }
}

function putBeside(menu, box) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + height + 8 < window.innerHeight;
  menu.style.left = `${Math.max(6, Math.min(box.left, window.innerWidth - width - 6))}px`;
  menu.style.top = `${Math.max(6, below ? box.bottom + 3 : box.top - height - 3)}px`;
}
