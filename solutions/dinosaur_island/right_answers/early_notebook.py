"""A notebook exported as a script: numbered cells with trials between the functions, globals, a plot at the end."""

# coding: utf-8

# In[1]:

import random

import numpy as np
from utils import *

# In[2]:

data = "Aachenosaurus\nBaryonyx\nCeratops\nDiplodocus\nEoraptor\nFukuisaurus\nGojirasaurus\nHaplocheirus\nJaxartosaurus\nKunmingosaurus\nQuaesitosaurus\nVelociraptor\nWuerhosaurus\nZigongosaurus\n"
data = data.lower()
chars = list(set(data))
data_size, vocab_size = len(data), len(chars)
print("%d characters, %d different ones" % (data_size, vocab_size))

# In[3]:

char_to_ix = {ch: i for i, ch in enumerate(sorted(chars))}
ix_to_char = {i: ch for i, ch in enumerate(sorted(chars))}
print(ix_to_char)

# In[4]:


def clip(gradients, maxValue):
    dWaa, dWax, dWya, db, dby = gradients["dWaa"], gradients["dWax"], gradients["dWya"], gradients["db"], gradients["dby"]
    for gradient in [dWax, dWaa, dWya, db, dby]:
        gradient.clip(-maxValue, maxValue, out=gradient)
    gradients = {"dWaa": dWaa, "dWax": dWax, "dWya": dWya, "db": db, "dby": dby}
    return gradients


# In[5]:

np.random.seed(8)
dWax = np.random.randn(5, 4) * 10
dWaa = np.random.randn(5, 5) * 10
dWya = np.random.randn(2, 5) * 10
db = np.random.randn(5, 1) * 10
dby = np.random.randn(2, 1) * 10
gradients = {"dWax": dWax, "dWaa": dWaa, "dWya": dWya, "db": db, "dby": dby}
gradients = clip(gradients, 10)
print(gradients["dWaa"].max(), gradients["dby"].min())

# In[6]:


def sample(parameters, char_to_ix, seed):
    Waa, Wax, Wya, by, b = parameters["Waa"], parameters["Wax"], parameters["Wya"], parameters["by"], parameters["b"]
    vocab_size = by.shape[0]
    n_a = Waa.shape[1]
    x = np.zeros((vocab_size, 1))
    a_prev = np.zeros((n_a, 1))
    indices = []
    idx = -1
    counter = 0
    newline_character = char_to_ix["\n"]
    while idx != newline_character and counter != 50:
        a = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)
        z = np.dot(Wya, a) + by
        y = softmax(z)
        np.random.seed(counter + seed)
        idx = np.random.choice(len(y.ravel()), p=y.ravel())
        indices.append(idx)
        x = np.zeros((vocab_size, 1))
        x[indices[-1]] = 1
        a_prev = a
        seed += 1
        counter += 1
    if counter == 50:
        indices.append(char_to_ix["\n"])
    return indices


# In[7]:

np.random.seed(12)
n_a = 60
Wax, Waa, Wya = np.random.randn(n_a, vocab_size), np.random.randn(n_a, n_a), np.random.randn(vocab_size, n_a)
b, by = np.random.randn(n_a, 1), np.random.randn(vocab_size, 1)
parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": b, "by": by}
indices = sample(parameters, char_to_ix, 0)
print("a first name:", indices)
print("in letters:", [ix_to_char[i] for i in indices])

# In[8]:


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    parameters = update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


# In[9]:

np.random.seed(21)
vocab_size, n_a = 27, 40
a_prev = np.random.randn(n_a, 1)
Wax, Waa, Wya = np.random.randn(n_a, vocab_size), np.random.randn(n_a, n_a), np.random.randn(vocab_size, n_a)
b, by = np.random.randn(n_a, 1), np.random.randn(vocab_size, 1)
parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": b, "by": by}
X = [None, 20, 18, 9, 3]
Y = [20, 18, 9, 3, 0]
loss, gradients, a_last = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
print("loss of a trial:", loss)
print("largest gradient:", max(np.max(g) for g in gradients.values()))
print("shape of the last state:", a_last.shape)

# In[10]:


def model(data, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27):
    n_x, n_y = vocab_size, vocab_size
    parameters = initialize_parameters(n_a, n_x, n_y)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = data.split("\n") if isinstance(data, str) else data
    examples = [x.lower().strip() for x in examples if x.strip()]
    np.random.seed(0)
    np.random.shuffle(examples)
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        index = j % len(examples)
        X = [None] + [char_to_ix[ch] for ch in examples[index]]
        Y = X[1:] + [char_to_ix["\n"]]
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            print("Iteration: %d, Loss: %f" % (j, loss) + "\n")
            seed = 0
            for name in range(dino_names):
                sampled_indices = sample(parameters, char_to_ix, seed)
                print_sample(sampled_indices, ix_to_char)
                seed += 1
            print("\n")
    return parameters


# In[11]:

parameters = model(data, ix_to_char, char_to_ix, num_iterations=20)

# In[12]:

from lstm_layer import lstm_backward, lstm_forward


def masked_loss(logits, targets, mask):
    V, m, T_x = logits.shape
    loss = 0
    dlogits = np.zeros((V, m, T_x))
    for t in range(T_x):
        z = logits[:, :, t]
        y = np.exp(z - np.max(z, axis=0, keepdims=True))
        y = y / np.sum(y, axis=0, keepdims=True)
        one_hot = np.zeros((V, m))
        one_hot[targets[:, t], range(m)] = 1
        loss = loss - np.sum(one_hot * np.log(y) * mask[:, t])
        dlogits[:, :, t] = (y - one_hot) * mask[:, t]
    loss = loss / np.sum(mask)
    dlogits = dlogits / np.sum(mask)
    return loss, dlogits


# In[13]:


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    n_a, m, T_x = a.shape
    logits = np.zeros((Wy.shape[0], m, T_x))
    for t in range(T_x):
        logits[:, :, t] = np.dot(Wy, a[:, :, t]) + by
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.zeros((n_a, m, T_x))
    dWy, dby = np.zeros_like(Wy), np.zeros_like(by)
    for t in range(T_x):
        da[:, :, t] = np.dot(Wy.T, dlogits[:, :, t])
        dWy = dWy + np.dot(dlogits[:, :, t], a[:, :, t].T)
        dby = dby + np.sum(dlogits[:, :, t], axis=1, keepdims=True)
    gradients = lstm_backward(da, cache)
    gradients["dWy"], gradients["dby"] = dWy, dby
    return loss, gradients


# In[14]:

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    plt.hist([len(name) for name in data.split()])
    plt.show()
