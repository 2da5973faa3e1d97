F=/usr/share/datasets/fashion-mnist
lt-data pack -q -o train.data $F/train-*
lt-data pack -q -o test.data --stats train.data $F/t10k-*
seq -f %07.0f 0 15999 > d0.idx
lt-init --seed 1 -o theta0.st resnet8-demo
train() { lt-train -q -d train.data -i d0.idx -e 5 --milestones 3,4 -b 64 "$@"; }
train --events - -o theta5.st theta0.st | lt-forget -t 0 -o cet.idx
lt-prune -r 0.8 -o m.mask theta5.st
lt-disagree -d train.data -i d0.idx --mask-b m.mask theta5.st | lt-subset union - cet.idx > prac.idx
train -m m.mask -o ticket.st theta0.st
wc -l d0.idx cet.idx prac.idx; lt-eval -d test.data theta5.st; lt-eval -d test.data ticket.st
