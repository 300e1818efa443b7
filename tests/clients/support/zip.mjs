// A zip file of files that are kept as they are (APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16), for tests that bring one.
import { crc32 } from "./png.mjs";

/** The fields that a file's two headers share: version 2.0, no flags, stored, midnight of 1 January 1980. */
function common(name, data) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

/** A zip file of `files`: what each holds, a string or bytes, by its name. */
export function zip(files) {
  const [bodies, entries] = [[], []];
  let at = 0;
  for (const [path, content] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)];
    const fields = common(name, data);
    const body = Buffer.concat([Buffer.from("PK\x03\x04"), fields, name, data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    entries.push(Buffer.from("PK\x01\x02\x14\0"), fields, place, name);
    bodies.push(body);
    at += body.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(bodies.length, 8);
  end.writeUInt16LE(bodies.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}
