// Rooms as several tests want them.

/** Anna's room on this server, and Ben. */
export async function pair(server) {
  const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
  const room = await anna.room();
  return { anna, ben, room };
}

/** Anna's room, with Ben and both on a socket in it until the test ends. */
export async function together(t, server) {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await anna.room("Tea room");
  const hers = await anna.inRoom(t, room);
  const his = await ben.inRoom(t, room);
  return { anna, ben, room, hers, his };
}

/** The newest messages of a room, 200 at most, oldest first. */
export async function history(person, room) {
  return (await person.api("GET", `/rooms/${room}/messages?limit=200`)).json.messages;
}
