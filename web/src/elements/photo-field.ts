// <photo-field>: shows the chosen picture in its circle before it is saved.

import { part } from "../templates";

const SIDE = 144;

export class PhotoField extends HTMLElement {
  connectedCallback(): void {
    const field = part<HTMLInputElement>(this, 'input[type="file"]');
    field.addEventListener("change", () => {
      const file = field.files?.[0];
      if (file) void this.show(file);
    });
  }

  private async show(file: File): Promise<void> {
    const canvas = document.createElement("canvas");
    canvas.width = SIDE;
    canvas.height = SIDE;
    try {
      const picture = await createImageBitmap(file);
      const side = Math.min(picture.width, picture.height);
      const left = (picture.width - side) / 2;
      const top = (picture.height - side) / 2;
      canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
      part(this, ".avatar").replaceChildren(canvas);
    } catch {
      // Not a picture: the server says so beside the field.
    }
  }
}
