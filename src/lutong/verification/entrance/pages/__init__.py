"""Pages of the entrance: the door, the own record, passkeys."""

NAV = [("我的执业登记", "me"), ("亮证", "card"), ("实人核验", "live"), ("已授权的应用", "me-applications")]
