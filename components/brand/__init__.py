"""How the shop looks: colours that can be read, typefaces, logo and icons, and its announcement.

What was chosen are settings of the shop (`components.foundation.shop_settings`); this component says which may be
chosen together, works out everything else from them, keeps the uploaded images, and draws what was not uploaded.
"""
