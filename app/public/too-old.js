// Loaded only by browsers that do not know modules: they cannot run the client, and are told so.
document.getElementById('boot-old').hidden = false;
document.getElementById('boot-old').style.display = 'block';
