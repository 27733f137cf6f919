#!/usr/bin/env bash
# Makes the sample line's first model again: renders its training set, trains on it, measures the result on frames that it has not seen.
# Takes a few minutes on one core. The simulator brings the same training set to an empty stack (Simulator:Setup:TrainingFrames, TrainingSeed).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

frames=300 holdout_frames=200 holdout_seed=2
options=(--net pico --image-size 256 --epochs 20 --batch-size 8 --lr0 0.003 --patience 30 --seed 1)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# libtorch is quickest here on one thread that does not spin.
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE

dotnet build Simulator -c Release -v quiet
dotnet build Training -c Release -v quiet
simulator() { dotnet run --project Simulator -c Release --no-build -- "$@"; }
training() { dotnet run --project Training -c Release --no-build -- "$@"; }

simulator make-set --count $frames --seed 1 --out "$work/training"
simulator make-set --count $holdout_frames --seed $holdout_seed --validation-share 1 --out "$work/holdout"
simulator make-set --count $holdout_frames --seed $holdout_seed --validation-share 1 --drift-light 0.6 --drift-variant 0.7 --out "$work/drifted"
training train --dataset "$work/training" --out "$work/out" "${options[@]}"

cp "$work/out/model.onnx" Simulator/Model/line.onnx
cp "$work/out/best.ckpt" Simulator/Model/line.ckpt
cat > Simulator/Model/metrics.json <<JSON
{
  "command": "train ${options[*]}",
  "dataset": "make-set --count $frames --seed 1",
  "training": $(cat "$work/out/result.json"),
  "holdout": $(training evaluate --checkpoint "$work/out/best.ckpt" --dataset "$work/holdout"),
  "drifted": $(training evaluate --checkpoint "$work/out/best.ckpt" --dataset "$work/drifted"),
  "drift": "--drift-light 0.6 --drift-variant 0.7"
}
JSON
cat Simulator/Model/metrics.json
