"""Load the ticket of lt-tutorial(7) and classify its test pictures."""
import sys
import torch
from torch import nn
from torch.nn.utils import prune
from to_pytorch import read

class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(144, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 3)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.relu(self.fc1(x.flatten(1)))
        return self.fc3(torch.relu(self.fc2(x)))

model = LeNet5()
for layer in model.children():
    prune.identity(layer, "weight")
model.load_state_dict(torch.load("ticket.pt"))

mean, std = (torch.tensor([float(v) for v in a.split(",")]).view(3, 1, 1)
             for a in sys.argv[1:])
test = read("test.data")
images = (test["images"] / 255 - mean) / std
right = model(images).argmax(1) == test["labels"]
print("%d of %d right" % (right.sum(), len(right)))
