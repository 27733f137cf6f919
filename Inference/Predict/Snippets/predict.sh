curl --fail-with-body \
  -H "Authorization: Bearer $API_KEY" \
  -H "X-Camera: gate-1" \
  -F file=@frame.jpg \
  "{{url}}?conf=0.25&iou=0.7"

# The picture with its boxes:
curl --fail-with-body -H "Authorization: Bearer $API_KEY" -F file=@frame.jpg -o annotated.jpg "{{url}}?annotate=true"
