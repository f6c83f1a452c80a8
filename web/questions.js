// What the server is asked for people who look around; none of it changes what the page knows of its rooms.

const SEARCHED = 500; // The longest page there is.

/** A page below `before` that the window does not take, or null. */
export function older(link, room, before, take) {
  link.ask({ type: "history", room: room.name, before, limit: SEARCHED }, (answer) =>
    take(answer.type === "error" ? null : answer));
}

export function who(link, room, take) {
  link.ask({ type: "who", room: room.name }, (answer) => {
    if (answer.type === "who") take(answer.names, answer.members);
  });
}

export function findRooms(link, prefix, take) {
  link.ask({ type: "rooms", prefix, limit: 20 }, (answer) => {
    if (answer.type === "rooms") take(answer.rooms);
  });
}
