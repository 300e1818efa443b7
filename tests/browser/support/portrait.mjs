// Faces for the screenshots: a few flat shapes each, so that nobody's picture is needed.

const LOOKS = {
  maya: { ground: "#e9c46a", skin: "#b07a57", hair: "#2b1d18", shirt: "#2a6f73", cut: "long" },
  jonas: { ground: "#a7c4bc", skin: "#f0cfb4", hair: "#b5793a", shirt: "#3d405b", cut: "beard" },
  priya: { ground: "#f2a48f", skin: "#8d5a3b", hair: "#1c1412", shirt: "#7b2d43", cut: "bun" },
  tom: { ground: "#9db4d6", skin: "#e8bfa0", hair: "#5b4636", shirt: "#c8553d", cut: "short" },
  elif: { ground: "#cdb4db", skin: "#d9a37f", hair: "#6a3d9a", shirt: "#264653", cut: "scarf" },
};

/** What lies behind and above the head. */
const HAIR = {
  long: '<path d="M66 118c0-50 28-74 62-74s62 24 62 74v74H66z"/>',
  bun: '<circle cx="128" cy="44" r="26"/><path d="M76 120c-4-48 20-70 52-70s56 22 52 70z"/>',
  short: '<path d="M78 112c-6-44 18-64 50-64s56 20 50 64z"/>',
  beard: '<path d="M78 110c-6-42 18-62 50-62s56 20 50 62z"/>',
  scarf: '<path d="M62 196c-8-90 20-152 66-152s74 62 66 152z"/>',
};
/** What lies over the face. */
const OVER = {
  long: '<path d="M84 104c10-30 36-40 66-34 14 4 22 18 22 34-30 0-48-8-58-22-4 12-14 20-30 22z"/>',
  bun: '<path d="M84 102c10-26 26-34 44-34s36 8 44 34c-16-10-28-18-44-18s-28 8-44 18z"/>',
  short: '<path d="M82 100c8-22 22-32 48-32s38 10 44 32c-14-8-24-14-40-12-18 2-34 12-52 12z"/>',
  beard:
    '<path d="M84 98c8-20 22-28 46-28s36 8 42 28c-14-6-22-12-40-12s-34 6-48 12z"/><path d="M84 128c2 36 20 54 44 54s42-18 44-54c-8 14-20 18-28 14-10-5-22-5-32 0-8 4-20 0-28-14z"/>',
  scarf: '<path d="M80 120c-2-42 18-62 48-62s50 20 48 62c-6-28-24-42-48-42s-42 14-48 42z"/>',
};

function drawing({ ground, skin, hair, shirt, cut }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256">
    <rect width="256" height="256" fill="${ground}"/>
    <g fill="${hair}">${HAIR[cut]}</g>
    <path d="M28 256c4-46 44-68 100-68s96 22 100 68z" fill="${shirt}"/>
    <path d="M106 160h44v34c-10 16-34 16-44 0z" fill="${skin}"/>
    <ellipse cx="128" cy="126" rx="46" ry="54" fill="${skin}"/>
    <g fill="${hair}">${OVER[cut]}</g>
    <g fill="#2a1f1a"><circle cx="111" cy="124" r="4.5"/><circle cx="145" cy="124" r="4.5"/></g>
    <path d="M114 152q14 10 28 0" fill="none" stroke="#7c3f35" stroke-width="4" stroke-linecap="round"/>
  </svg>`;
}

/** The PNG of somebody's portrait, drawn by `page`. */
export async function portrait(page, name) {
  await page.setViewportSize({ width: 256, height: 256 });
  await page.setContent(`<style>body{margin:0}</style>${drawing(LOOKS[name])}`);
  return page.screenshot({ type: "png" });
}
