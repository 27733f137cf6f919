import { readFile } from "node:fs/promises";

const form = new FormData();
form.append("file", new Blob([await readFile("frame.jpg")]), "frame.jpg");
const response = await fetch("{{url}}?conf=0.25&iou=0.7", {
  method: "POST",
  headers: { Authorization: `Bearer ${process.env.API_KEY}`, "X-Camera": "gate-1" },
  body: form,
});
const answer = await response.json();
if (!response.ok) throw new Error(answer.detail);
for (const image of answer.images)
  for (const box of image.boxes) console.log(box.name, box.confidence.toFixed(2), box.x, box.y, box.width, box.height);
