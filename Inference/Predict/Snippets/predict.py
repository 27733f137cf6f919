import os
import requests

with open("frame.jpg", "rb") as frame:
    response = requests.post(
        "{{url}}",
        params={"conf": 0.25, "iou": 0.7},
        headers={"Authorization": f"Bearer {os.environ['API_KEY']}", "X-Camera": "gate-1"},
        files={"file": frame},
        timeout=30,
    )
if not response.ok:
    raise SystemExit(response.json()["detail"])
for image in response.json()["images"]:
    for box in image["boxes"]:
        print(box["name"], round(box["confidence"], 2), box["x"], box["y"], box["width"], box["height"])
